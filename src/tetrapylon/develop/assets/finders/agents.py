"""Agents in Python: objects of frameworks, graphs, and loops that carry out the tool calls of a model.

*What it does*: knows the classes and functions that make agents, by their packages, and sees a loop around a call with tools.
*Why it matters*: an agent decides what is done; its bounds are those of the system.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator

from tetrapylon.develop.assets.ecosystem import talks
from tetrapylon.develop.assets.makers import assigned_name
from tetrapylon.develop.assets.seeing import component
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.scopes import scopes_of
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component, Place

_MAKERS: dict[str, tuple[str, ...]] = {
    "Agent": ("agents", "crewai", "pydantic_ai", "google.adk", "agno", "phi", "strands", "haystack", "swarm", "atomic_agents", "letta",
        "upsonic",
              "controlflow", "browser_use", "praisonaiagents", "autogen", "agency_swarm", "livekit", "mistralai", "semantic_kernel",
              "swarms",
              "langroid"),
    **dict.fromkeys(("AssistantAgent", "UserProxyAgent", "ConversableAgent", "GroupChatManager", "RoundRobinGroupChat",
        "SelectorGroupChat", "Swarm",
                     "MagenticOneGroupChat", "CodeExecutorAgent", "MultimodalWebSurfer"), ("autogen", "pyautogen", "ag2", "swarm")),
    **dict.fromkeys(("create_react_agent", "create_agent", "create_tool_calling_agent", "create_openai_tools_agent",
        "create_openai_functions_agent",
                     "create_structured_chat_agent", "initialize_agent", "AgentExecutor", "create_sql_agent",
                     "create_pandas_dataframe_agent",
                     "create_csv_agent", "create_supervisor", "create_swarm", "create_deep_agent", "create_json_agent", "create_xml_agent",
                     "create_self_ask_with_search_agent", "create_conversational_retrieval_agent", "StateGraph", "MessageGraph",
                     "from_agent_and_tools"),
                    ("langchain", "langgraph", "deepagents")),
    "Crew": ("crewai",),
    **dict.fromkeys(("CodeAgent", "ToolCallingAgent", "ReactCodeAgent", "ReactJsonAgent", "MultiStepAgent"), ("smolagents",
        "transformers")),
    **dict.fromkeys(("FunctionAgent", "ReActAgent", "AgentWorkflow", "OpenAIAgent", "CodeActAgent", "AgentRunner",
        "FunctionCallingAgentWorker",
                     "from_tools", "FunctionCallingAgent"), ("llama_index",)),
    **dict.fromkeys(("LlmAgent", "SequentialAgent", "LoopAgent", "ParallelAgent"), ("google.adk",)),
    **dict.fromkeys(("ChatCompletionAgent", "OpenAIAssistantAgent", "AzureAIAgent", "AgentGroupChat"), ("semantic_kernel",)),
    **dict.fromkeys(("ChatAgent", "RolePlaying"), ("camel", "agent_framework")),
    **dict.fromkeys(("ReAct", "CodeAct", "Avatar"), ("dspy",)),
    "ClaudeSDKClient": ("claude_agent_sdk", "claude_code_sdk"),
    "query": ("claude_agent_sdk", "claude_code_sdk"),
    "SandboxAgent": ("agents",),
    "Assistant": ("qwen_agent", "phi", "agno"),
}  # fmt: skip
_LOOPED = ("completions.create", "messages.create", "responses.create", "chat", "converse", "generate_content", "completion",
           "acompletion", "messages.stream",
           "invoke", "ainvoke")  # fmt: skip


def find(repository: Repository) -> Iterator[Component]:
    """Yield the agents."""
    for code, call in repository.calls_of(*_MAKERS):
        word = call.name.rpartition(".")[2]
        if any(call.name == f"{each}.{word}" or call.name.startswith((f"{each}.", f"{each}_")) for each in _MAKERS[word]):
            yield component("agent", _name(repository, code, call, word), call.at, f"`{word}` of {call.name.partition('.')[0]}")
    for code, call in repository.calls_of("assistants.create"):
        name = values_of(repository).text(code, call.argument("name"))
        yield component("agent", name or assigned_name(repository, code, call.node) or "assistant", call.at, "assistant of OpenAI")
    yield from _loops(repository)
    yield from _declared(repository)


def _name(repository: Repository, code: PythonCode, call: Call, word: str) -> str:
    first = call.argument("", 0) if word in {"AssistantAgent", "UserProxyAgent", "ConversableAgent"} else None
    for each in ("name", "role", "agent_name", "assistant_name"):
        node = call.argument(each) or first
        text = values_of(repository).text(code, node)
        if text and len(text) < 80:  # noqa: PLR2004 - a name, not a story
            return text.strip()
    function = scopes_of(repository).function_at(code, call.node)
    return assigned_name(repository, code, call.node) or (function.node.name if function else word)


def _loops(repository: Repository) -> Iterator[Component]:
    """Yield the agents that people write themselves: a model is asked with tools again and again, and its calls are carried out."""
    for code, call in repository.calls_of(*_LOOPED):
        if call.argument("tools") is None and call.argument("toolConfig") is None and call.argument("functions") is None:
            continue
        if not talks(code) and not call.name.startswith("?"):
            continue
        if any(_holds(each, call.node) for kind in (ast.For, ast.While, ast.AsyncFor) for each in code.nodes.get(kind, ())):
            function = scopes_of(repository).function_at(code, call.node)
            owner = next(
                (each.name for each in code.nodes.get(ast.ClassDef, ()) if isinstance(each, ast.ClassDef) and _holds(each, call.node)), None
            )
            yield component("agent", owner or (function.node.name if function else code.path), call.at, "loop around a call with tools")


def _holds(outer: ast.AST, inner: ast.AST) -> bool:
    return getattr(outer, "lineno", 0) <= getattr(inner, "lineno", 0) <= (getattr(outer, "end_lineno", 0) or 0) and outer is not inner


def _declared(repository: Repository) -> Iterator[Component]:
    for file in repository.of("json"):
        if file.name == "langgraph.json":
            try:
                graphs = json.loads(file.text).get("graphs", {})
            except (ValueError, RecursionError, AttributeError):
                continue
            for name in graphs if isinstance(graphs, dict) else ():
                yield component("agent", name, Place(file.path), "graph of `langgraph.json`")


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "frameworks": (
        {
            "a.py": "from agents import Agent\nfrom langgraph.graph import StateGraph\nfrom smolagents import CodeAgent\nimport autogen\n"
            "Agent(name='Triage', instructions='x')\nbuilder = StateGraph(S)\nhelper = CodeAgent(tools=[])\n"
            "autogen.AssistantAgent('coder')\n"
        },
        {("agent", "Triage"), ("agent", "builder"), ("agent", "helper"), ("agent", "coder")},
    ),
    "a loop of one's own": (
        {
            "a.py": "from anthropic import Anthropic\nclass Ops:\n  def ask(self):\n    while True:\n"
            "      r = self.c.messages.create(model=M, tools=T)\n      if r.stop_reason != 'tool_use': return\n"
        },
        {("agent", "Ops")},
    ),
    "others": (
        {
            "a.py": "from fake_useragent import UserAgent\nfrom travel import Agent\nAgent(name='x')\n"
            "agent = request.headers['User-Agent']\n"
            "from openai import OpenAI\nOpenAI().chat.completions.create(model='m', tools=[])\n"
        },
        set(),
    ),
}
