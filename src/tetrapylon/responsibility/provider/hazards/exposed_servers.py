"""Servers for models, vectors and experiments that ask nobody who they are, on addresses that others reach.

*What it does*: finds vLLM, Ollama, TGI, MLflow, Jupyter, Ray, Chroma, Qdrant, Weaviate, Milvus, Triton, Langflow, Flowise and the
like published by Docker, compose or a command line without a login.
*Why it matters*: they are found by scans within hours; most of them run code or give away data for whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tetrapylon.outside.repository.lines import live_matches
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Finding, Place, Rule, Severity

RULE = Rule(
    "exposed-server",
    "high",
    "a server without a login listens on every address",
    "Scans find it within hours, and it does what anybody asks.",
    'ports: ["127.0.0.1:8000:8000"], or a proxy that asks for a login in front of it',
)
RULES = (RULE,)


@dataclass(frozen=True, slots=True)
class _Server:
    """One kind of server that has no login unless it is given one."""

    name: str
    image: re.Pattern[str]
    ports: frozenset[str]
    login: re.Pattern[str]
    """What shows that it has been given one."""

    severity: Severity = "high"


def _server(name: str, image: str, ports: str, login: str = r"(?!)", severity: Severity = "high") -> _Server:
    return _Server(name, re.compile(image), frozenset(ports.split()), re.compile(login), severity)


_SERVERS = (
    _server("Ollama", r"(?:^|/)ollama(?:/ollama)?(?:[:@]|$)", "11434"),
    _server("vLLM", r"(?:^|/)vllm-openai", "8000", r"--api-key|VLLM_API_KEY"),
    _server("Text Generation Inference", r"text-generation-inference", "80 8080 3000", r"--api-key|API_KEY"),
    _server("llama.cpp", r"llama\.cpp|llama-cpp-python", "8080 8000", r"--api-key|LLAMA_API_KEY"),
    _server("LocalAI", r"(?:^|/)local-?ai(?:/|:|$)", "8080", r"API_KEY"),
    _server("MLflow", r"mlflow", "5000", r"basic-auth|MLFLOW_AUTH"),
    _server("Jupyter", r"(?:^|/)(?:jupyter/|[\w-]*-notebook(?:[:@]|$))", "8888", r"JUPYTER_TOKEN|JUPYTER_PASSWORD", "medium"),
    _server("Ray", r"(?:^|/)rayproject/ray", "8265 10001"),
    _server("Chroma", r"(?:^|/)chroma(?:db/chroma|-core/chroma)?(?:[:@]|$)", "8000", r"CHROMA_SERVER_AUTH"),
    _server("Qdrant", r"(?:^|/)qdrant/qdrant", "6333 6334", r"QDRANT__SERVICE__API_KEY|api_key"),
    _server("Weaviate", r"(?:^|/)weaviate", "8080 50051", r"AUTHENTICATION_APIKEY_ENABLED[\"']?[ \t]?[:=][ \t]?[\"']?true"),
    _server("Milvus", r"(?:^|/)milvusdb/milvus", "19530", r"authorizationEnabled"),
    _server("Triton", r"tritonserver", "8000 8001", severity="medium"),
    _server("Langflow", r"langflow", "7860", r"LANGFLOW_AUTO_LOGIN[\"']?[ \t]?[:=][ \t]?[\"']?[Ff]alse"),
    _server("Flowise", r"flowise", "3000", r"FLOWISE_USERNAME|JWT_AUTH"),
    _server("Open WebUI", r"(?:(?<=/)|^)open-webui(?:[:@]|$)", "", r"(?!)"),
    _server("Elasticsearch", r"(?:^|/)elasticsearch", "9200", r"xpack\.security\.enabled[\"']?[ \t]?[:=][ \t]?[\"']?true|ELASTIC_PASSWORD"),
    _server("Redis", r"(?:^|/)(?:redis|redis-stack(?:-server)?)(?:[:@]|$)", "6379", r"--requirepass|REDIS_PASSWORD|REDIS_ARGS", "medium"),
)
_ANY = r"(?:0\.0\.0\.0|\[?::\]?|\*)"
_REST = r"[^\n|;&]{0,400}"


@dataclass(frozen=True, slots=True)
class _Command:
    """One way to start a server without a login, and how to start it better."""

    name: str
    pattern: re.Pattern[str]
    fix: str
    login: re.Pattern[str]


def _command(name: str, pattern: str, fix: str, login: str = r"(?!)") -> _Command:
    return _Command(name, re.compile(pattern), fix, re.compile(login))


_COMMANDS = (
    _command(
        "vLLM",
        rf"\b(?:vllm[ \t]+serve|vllm\.entrypoints[\w.]*)\b{_REST}--host[= \"',]{{1,5}}{_ANY}{_REST}",
        "vllm serve MODEL --host 127.0.0.1 --api-key $VLLM_API_KEY",
        r"--api-key|VLLM_API_KEY",
    ),
    _command(
        "MLflow",
        rf"\bmlflow[ \t\"',]{{1,5}}(?:server|ui)\b{_REST}(?:--host|-h)[= \"',]{{1,5}}{_ANY}{_REST}",
        "mlflow server --host 127.0.0.1 --app-name basic-auth",
        r"basic-auth",
    ),
    _command(
        "Ray's dashboard", rf"\bray[ \t]+start\b{_REST}--dashboard-host[= \"']{{1,3}}{_ANY}", "ray start --head --dashboard-host 127.0.0.1"
    ),
    _command(
        "Jupyter",
        rf"\bjupyter\b{_REST}--(?:NotebookApp|ServerApp|IdentityProvider|LabApp)\.(?:token|password)=(?:''|\"\"|(?=[\s\"'\],]|$))",
        "jupyter lab --ip 127.0.0.1",
    ),
    _command("Ollama", rf"\bOLLAMA_HOST[\"']?[ \t]?[:= ][ \t]?[\"']?(?:https?://)?{_ANY}", "OLLAMA_HOST=127.0.0.1:11434"),
    _command(
        "llama.cpp",
        rf"\b(?:llama-server|llama_cpp\.server)\b{_REST}--host[= \"',]{{1,5}}{_ANY}{_REST}",
        "llama-server --host 127.0.0.1 --api-key-file key.txt",
        r"--api-key|--api_key",
    ),
    _command("Open WebUI", r"\bWEBUI_AUTH[\"']?[ \t]?[:=][ \t]?[\"']?[Ff]alse", "WEBUI_AUTH=true"),
    _command("Langflow", rf"\blangflow[ \t]+run\b{_REST}--host[= ]{_ANY}", "LANGFLOW_AUTO_LOGIN=false langflow run --host 127.0.0.1"),
)
_NEEDS = ("vllm", "mlflow", "ray", "jupyter", "OLLAMA_HOST", "llama", "WEBUI_AUTH", "langflow")
_SERVICE = re.compile(r"^( {1,8}|\t)([\w.-]+):[ \t]*(?:#[^\n]*)?$")
_PORT = re.compile(r"^[ \t]*-[ \t]*[\"']?((?:[\w.:\[\]]+:)?[\d${}:\w-]+:)?(\d{2,5})(?:/tcp)?[\"']?[ \t]*(?:#.*)?$")
_INLINE = re.compile(r"ports:[ \t]*\[([^\]\n]{1,200})\]")
_DOCKER_RUN = re.compile(r"\bdocker[ \t]+run\b([^\n|;&]{0,800})")
_PUBLISHED = re.compile(r"(?:^|[ \t])(?:-p|--publish)[= \t]{1,3}(\S+)")
_LOCAL = re.compile(r"^(?:127\.|localhost|\[::1\]|\$\{\w*(?:HOST|BIND|ADDR)\w*:-127)")


def look(repository: Repository) -> Iterator[Finding]:
    """Yield each server that is published without a login, once for each place."""
    seen: set[tuple[str, str]] = set()
    for name, finding in _everything(repository):
        if (name, finding.at.path) not in seen:
            seen.add((name, finding.at.path))
            yield finding


def _everything(repository: Repository) -> Iterator[tuple[str, Finding]]:
    for file in repository.of("compose"):
        yield from _compose(file)
    for file in repository.of("dockerfile", "shell", "ci", "compose", "yaml", "env", "notebook"):
        yield from _commands(file)
        if file.language in {"shell", "ci"}:
            yield from _docker_run(file)


def _commands(file: TextFile) -> Iterator[tuple[str, Finding]]:
    for command in _COMMANDS:
        for place, match in live_matches(file, command.pattern, *_NEEDS):
            # Within a container it is the published port that decides; compose is read for that.
            inside = command.name == "Ollama" and file.language in {"compose", "dockerfile", "yaml"}
            if not inside and not command.login.search(match[0]):
                yield command.name, RULE.at(place, f"{command.name} listens on every address without a login", fix=command.fix)


def _compose(file: TextFile) -> Iterator[tuple[str, Finding]]:
    for lines, first in _services(file.text.split("\n")):
        text = "\n".join(lines)
        image = re.search(r"^[ \t]*image:[ \t]*[\"']?([^\s\"'#]+)", text, re.MULTILINE)
        server = next((each for each in _SERVERS if image and each.image.search(image[1])), None)
        if server is None or server.login.search(text):
            continue
        for number, host, port in _ports(lines):
            if port in server.ports and not _LOCAL.match(host):
                yield (
                    server.name,
                    RULE.at(
                        Place(file.path, first + number),
                        f"{server.name} is published on every address without a login (port {port})",
                        severity=server.severity,
                    ),
                )


def _services(lines: list[str]) -> Iterator[tuple[list[str], int]]:
    """Yield the lines of each service, with the number of the first one."""
    start = next((number for number, line in enumerate(lines) if line.startswith("services:")), len(lines))
    indent, at = "", start + 1
    for number in range(start + 1, len(lines) + 1):
        line = lines[number] if number < len(lines) else "end:"
        match = _SERVICE.match(line)
        if match and not indent:
            indent, at = match[1], number
        elif indent and line.strip() and ((match and match[1] == indent) or not line.startswith(indent)):
            yield lines[at:number], at + 1
            at = number
            if not line.startswith((indent, "#")):
                return


def _ports(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the address (or nothing) and the port inside of everything that a service publishes."""
    within = False
    for number, line in enumerate(lines):
        inline = _INLINE.search(line)
        if inline:
            for each in inline[1].split(","):
                host, _, port = each.strip(" \"'").rpartition(":")
                yield number, host, port
        within = line.strip().startswith("ports:") or (within and (line.strip().startswith(("-", "#")) or not line.strip()))
        match = _PORT.match(line) if within else None
        if match:
            yield number, match[1] or "", match[2]


def _docker_run(file: TextFile) -> Iterator[tuple[str, Finding]]:
    if "docker" not in file.text:
        return
    joined = file.text.replace("\\\n", "  ")  # as long as before, so that places stay right
    for match in _DOCKER_RUN.finditer(joined):
        words = match[1].split()
        server = next((each for each in _SERVERS for word in words if each.image.search(word) and not word.startswith("-")), None)
        if server is None or server.login.search(match[1]):
            continue
        for published in _PUBLISHED.finditer(match[1]):
            host, _, port = published[1].strip("\"'").rpartition(":")
            if port in server.ports and not _LOCAL.match(host):
                yield (
                    server.name,
                    RULE.at(
                        file.at(match.start()),
                        f"{server.name} is published on every address without a login (port {port})",
                        severity=server.severity,
                    ),
                )


_D = "@sha256:" + "0" * 64

GOOD = {
    "on this machine": {
        "compose.yaml": f'services:\n  llm:\n    image: ollama/ollama{_D}\n    ports:\n      - "127.0.0.1:11434:11434"\n  web:\n'
        f'    build: .\n    ports:\n      - "8000:8000"\n',
        "start.sh": "vllm serve org/m --host 127.0.0.1 --revision abc\njupyter lab --ip 127.0.0.1\nray start --head\n",
    },
    "with a login": {
        "compose.yaml": f'services:\n  llm:\n    image: vllm/vllm-openai{_D}\n    command: ["--api-key", "${{KEY}}"]\n'
        f'    ports: ["8000:8000"]\n'
        f"  db:\n    image: qdrant/qdrant{_D}\n    environment:\n      QDRANT__SERVICE__API_KEY: ${{KEY}}\n    ports:\n      - 6333:6333\n",
        "start.sh": 'vllm serve org/m --revision abc --host 0.0.0.0 --api-key "$KEY"\n',
    },
    "not published": {"docker-compose.yml": f"services:\n  db:\n    image: chromadb/chroma{_D}\n    expose:\n      - 8000\n"},
}
BAD = {
    "exposed-server: Ollama": {
        "docker-compose.yml": "version: '3'\nservices:\n  llm:\n    image: ollama/ollama:0.5.4\n    ports:\n      - \"11434:11434\"\n"
        "volumes:\n  x:\n"
    },
    "exposed-server: the second service": {
        "compose.yaml": "services:\n  web:\n    build: .\n    ports: ['8000:8000']\n\n  # vectors\n  db:\n"
        "    image: qdrant/qdrant:v1.12.0\n    ports: ['6333:6333']\n"
    },
    "exposed-server: vLLM": {"start.sh": "vllm serve meta-llama/Llama-3.1-8B --host 0.0.0.0 --port 8000\n"},
    "exposed-server: vLLM as a module": {
        "Dockerfile": 'FROM x\nCMD ["python", "-m", "vllm.entrypoints.openai.api_server", "--host", "0.0.0.0"]\n'
    },
    "exposed-server: MLflow": {
        "compose.yml": "services:\n  ml:\n    image: ghcr.io/mlflow/mlflow:v2.19.0\n    command: mlflow server --host 0.0.0.0\n"
    },
    "exposed-server: Jupyter": {"start.sh": "jupyter lab --ip=0.0.0.0 --NotebookApp.token='' --no-browser\n"},
    "exposed-server: Ray": {"run.sh": "ray start --head --dashboard-host=0.0.0.0\n"},
    "exposed-server: the environment": {".env": "OLLAMA_HOST=0.0.0.0\n"},
    "exposed-server: docker run": {"run.sh": "docker run -d --gpus all \\\n  -p 11434:11434 \\\n  --name ollama ollama/ollama\n"},
    "exposed-server: Open WebUI": {
        "compose.yaml": "services:\n  ui:\n    image: ghcr.io/open-webui/open-webui:v0.5.4\n    environment:\n      - WEBUI_AUTH=False\n"
    },
}
