import asyncio
import sys
from contextlib import AsyncExitStack

from anthropic import AsyncAnthropic
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from prompts import OPS_PROMPT

MODEL = "claude-sonnet-4-20250514"
MAX_TURNS = 12


class OpsAgent:
    def __init__(self) -> None:
        self.anthropic = AsyncAnthropic()
        self.stack = AsyncExitStack()
        self.session: ClientSession | None = None

    async def connect(self) -> None:
        parameters = StdioServerParameters(command=sys.executable, args=["server.py"])
        read, write = await self.stack.enter_async_context(stdio_client(parameters))
        self.session = await self.stack.enter_async_context(ClientSession(read, write))
        await self.session.initialize()

    async def ask(self, question: str) -> str:
        listed = await self.session.list_tools()
        tools = [{"name": t.name, "description": t.description, "input_schema": t.inputSchema} for t in listed.tools]
        messages = [{"role": "user", "content": question}]
        for _ in range(MAX_TURNS):
            reply = await self.anthropic.messages.create(
                model=MODEL, max_tokens=2000, system=OPS_PROMPT, messages=messages, tools=tools
            )
            messages.append({"role": "assistant", "content": reply.content})
            if reply.stop_reason != "tool_use":
                return "".join(block.text for block in reply.content if block.type == "text")
            results = []
            for block in reply.content:
                if block.type == "tool_use":
                    done = await self.session.call_tool(block.name, block.input)
                    results.append({"type": "tool_result", "tool_use_id": block.id, "content": done.content})
            messages.append({"role": "user", "content": results})
        return "gave up"


async def main() -> None:
    agent = OpsAgent()
    try:
        await agent.connect()
        print(await agent.ask(" ".join(sys.argv[1:])))
    finally:
        await agent.stack.aclose()


if __name__ == "__main__":
    asyncio.run(main())
