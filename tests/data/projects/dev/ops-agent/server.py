"""MCP server with the tools of the operations team."""
import subprocess
from pathlib import Path

import httpx
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("ops")

LOG_DIR = Path("/var/log/services")
STATUS_URL = "http://status.internal.example/api"


@mcp.tool()
async def service_status(name: str) -> dict:
    """Current state of a service: version, replicas, error rate."""
    async with httpx.AsyncClient(timeout=10) as http:
        response = await http.get(f"{STATUS_URL}/services/{name}")
        response.raise_for_status()
        return response.json()


@mcp.tool()
def read_log(service: str, lines: int = 100) -> str:
    """The last lines of a service's log."""
    path = (LOG_DIR / f"{service}.log").resolve()
    if not path.is_relative_to(LOG_DIR):
        raise ValueError("not a service")
    return "\n".join(path.read_text(errors="replace").splitlines()[-min(lines, 500):])


@mcp.tool()
def restart_service(service: str) -> str:
    """Restart a service on this machine."""
    done = subprocess.run(["systemctl", "restart", service], capture_output=True, text=True)
    return done.stderr or "restarted"


@mcp.tool()
def run_command(command: str) -> str:
    """Run any shell command and return what it prints."""
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


@mcp.resource("runbook://{name}")
def runbook(name: str) -> str:
    return Path("runbooks", Path(name).name).with_suffix(".md").read_text()


if __name__ == "__main__":
    mcp.run()
