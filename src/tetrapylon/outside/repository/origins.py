"""Which expressions bring text into a program from outside, by the names of the libraries that people use.

*What it does*: says of a call, an attribute or a parameter whether it gives what a person sent, a page or file that was
fetched, documents that were retrieved, or what a model answered; and of a constructor what its product gives when it is asked.
*Why it matters*: whoever writes that text must never decide what a program does.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.words import words

Origin = Literal["person", "fetched", "retrieved", "model"]
"""Who wrote a text: the sender of a request; whoever made a page, a mail or a file; a document store; a model."""

Tag = Literal["=llm", "=retriever", "=loader", "=search"]
"""What an object gives when it is asked."""

WEB = words(
    "fastapi starlette flask quart django rest_framework ninja sanic aiohttp tornado falcon bottle litestar "
    "robyn slack_bolt slack_sdk discord"
    " telegram aiogram chainlit streamlit gradio twilio mcp fastmcp azure functions_framework chalice bentoml"
)
"""Packages whose handlers are called with what somebody sent."""

AI = words(
    "openai anthropic litellm ollama google vertexai genai replicate cohere mistralai groq together boto3 "
    "transformers vllm llama_cpp ctransformers"
    " huggingface_hub langchain langchain_openai langchain_core langchain_community langchain_anthropic "
    "langchain_ollama langchain_google_genai"
    " langchain_groq langchain_aws langchain_mistralai langchain_huggingface langchain_experimental langgraph llama_index crewai autogen"
    " autogen_agentchat pydantic_ai agents smolagents dspy haystack guidance instructor semantic_kernel "
    "portkey_ai fireworks instructor aisuite"
)
"""Packages that give what a model answered."""

FETCHING = words("requests httpx urllib urllib3 aiohttp trafilatura imaplib email wikipedia tavily bs4 newspaper playwright selenium")

_MODEL_CALLS: dict[str, tuple[str, ...]] = {
    "create": ("completions.create", "responses.create", "messages.create", "ChatCompletion.create", "Completion.create"),
    "acreate": ("ChatCompletion.acreate", "Completion.acreate"),
    "parse": ("completions.parse", "responses.parse", "messages.parse"),
    "stream": ("completions.stream", "responses.stream", "messages.stream"),
    "completion": ("litellm.completion",),
    "acompletion": ("litellm.acompletion",),
    "chat": ("ollama.chat", "cohere.chat"),
    "generate": ("ollama.generate", "cohere.generate"),
    "run": ("replicate.run", "agents.Runner.run"),
    "run_sync": ("?.run_sync", "agents.Runner.run_sync"),
    "generate_content": ("generate_content",),
    "generate_content_async": ("generate_content_async",),
    "generate_content_stream": ("generate_content_stream",),
    "invoke_model": ("invoke_model",),
    "converse": ("?.converse",),
    "text_generation": ("text_generation",),
    "chat_completion": ("chat_completion",),
    "complete": ("chat.complete",),
    "complete_async": ("chat.complete_async",),
    "kickoff": ("kickoff",),
}
_LLMS = words(
    "ChatOpenAI AzureChatOpenAI ChatAnthropic ChatOllama Ollama OllamaLLM ChatGoogleGenerativeAI ChatVertexAI "
    "ChatBedrock ChatBedrockConverse"
    " HuggingFacePipeline HuggingFaceEndpoint HuggingFaceHub ChatHuggingFace ChatGroq ChatMistralAI ChatCohere LLMChain ConversationChain"
    " create_retrieval_chain create_stuff_documents_chain create_react_agent create_agent initialize_agent AgentExecutor init_chat_model"
    " as_query_engine as_chat_engine Llama LlamaCpp CTransformers GenerativeModel CodeAgent ToolCallingAgent create_sql_query_chain"
    " create_sql_agent create_tool_calling_agent create_openai_functions_agent load_qa_chain ChainOfThought"
)
_LLM_MAKERS = (
    "RetrievalQA.from_chain_type",
    "RetrievalChain.from_llm",
    "LLMChain.from_llm",
    "vllm.LLM",
    "dspy.Predict",
    "llms.OpenAI",
    "langchain_openai.OpenAI",
)
_LLM_METHODS = words(
    "invoke ainvoke run arun predict apredict stream astream batch abatch generate agenerate chat achat complete acomplete stream_chat"
    " stream_complete query aquery call __call__ kickoff create_completion create_chat_completion generate_content send_message"
)
_LLM_NAMED = re.compile(r"(?:^|_|\.)(?:llm|chain|agent|executor|chat_model|query_engine|chat_engine|crew|qa)$")
_TEXT_TASKS = words("text-generation text2text-generation summarization translation conversational question-answering image-to-text")
_LOADERS = re.compile(
    r"(?:^|\.)(?:WebBase|AsyncHtml|AsyncChromium|RecursiveUrl|Sitemap|Playwright\w*|Selenium\w*|Unstructured(?:URL"
    r"|Email)|Outlook\w*|GMail|Youtube)Loader$"
)
_SEARCHES = re.compile(
    r"(?:^|\.)(?:DuckDuckGoSearch\w*|TavilySearch\w*|TavilyClient|SerpAPIWrapper|GoogleSerper\w*"
    r"|WikipediaAPIWrapper|WikipediaQueryRun|DDGS)$"
)
_FETCHES = words(
    "requests.get httpx.get urllib.request.urlopen trafilatura.fetch_url trafilatura.extract wikipedia.page "
    "wikipedia.summary email.message_from_bytes"
    " email.message_from_string email.message_from_file"
)
_RETRIEVALS = words(
    "similarity_search similarity_search_with_score asimilarity_search max_marginal_relevance_search get_relevant_documents"
    " aget_relevant_documents similarity_search_by_vector"
)
_STORE_METHODS = {
    "query": words("chromadb pinecone"),
    "search": words("qdrant_client pymilvus"),
    "query_points": words("qdrant_client"),
    "near_text": words("weaviate"),
    "hybrid": words("weaviate"),
}
"""Methods by which the clients of vector stores are asked."""

_STORES = frozenset().union(*_STORE_METHODS.values())

_PERSON_CALLS = words(
    "input streamlit.chat_input streamlit.text_input streamlit.text_area streamlit.sidebar.text_input streamlit.sidebar.text_area"
    " streamlit.file_uploader streamlit.sidebar.file_uploader"
)
_MODEL_URLS = re.compile(
    r"/chat/completions|/v1/completions|/v1/messages|/api/generate|/api/chat\b|generateContent|api-inference\.huggingface"
)
_REQUEST_PARTS = words(
    "json form args data values files GET POST FILES body query_params path_params get_json stream match_info "
    "rel_url cookies headers text read"
)
_REQUESTS = frozenset({"request", "req"})


_ASKING = _LLM_METHODS | _LLMS | _RETRIEVALS | _MODEL_CALLS.keys() | _STORE_METHODS.keys() | words("pipeline post")


def may_bring(code: PythonCode) -> bool:
    """Return whether a file may bring text in from outside: quick, and true where it is not sure."""
    if code.cell or not code.packages.isdisjoint(WEB):
        return True
    if not code.packages.isdisjoint(AI | _STORES) and not code.called.isdisjoint(_ASKING):
        return True
    if not code.packages.isdisjoint(FETCHING) and any(True for _ in code.calls_of(*_FETCHES, "post", "fetch")):
        return True
    return any(True for _ in code.calls_of("input"))


def is_request_part(node: ast.Attribute) -> bool:
    """Return whether the attribute is a part of a web request that its sender writes."""
    held = node.value
    if node.attr not in _REQUEST_PARTS:
        return False
    return (isinstance(held, ast.Name) and held.id in _REQUESTS) or (
        isinstance(held, ast.Attribute) and held.attr == "request" and isinstance(held.value, ast.Name)
    )


def origin_of_call(name: str, node: ast.Call, packages: frozenset[str]) -> Origin | None:
    """Return what a call brings in by its name alone, or None."""
    known = _known(name)
    last = name.rpartition(".")[2]
    if known == "model":
        return "model" if _is_model_call(last, name, node) else None
    if known:
        return known
    if last in {"post", "request"}:
        return "model" if _posts_to_model(node) else None
    if last == "fetch":
        return "fetched" if "imaplib" in packages else None
    return "retrieved" if last in _STORE_METHODS and not packages.isdisjoint(_STORE_METHODS[last]) else None


@lru_cache(maxsize=8192)
def _known(name: str) -> Origin | None:
    """Return what the name of a function says by itself."""
    last = name.rpartition(".")[2]
    if any(name == each or name.endswith(f".{each}") for each in _MODEL_CALLS.get(last, ())):
        return "model"
    if name in _PERSON_CALLS:
        return "person"
    return "fetched" if name in _FETCHES else "retrieved" if last in _RETRIEVALS else None


def _is_model_call(last: str, name: str, node: ast.Call) -> bool:
    """Return whether a call that is named like one to a model is one: others create messages, too."""
    if last not in {"create", "stream", "parse"} or "completions" in name or "Completion" in name:
        return True
    given = {each.arg for each in node.keywords}
    return bool(given & {"model", "max_tokens", None})


def _posts_to_model(node: ast.Call) -> bool:
    for each in (*node.args[:2], *(key.value for key in node.keywords)):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and _MODEL_URLS.search(each.value):
            return True
        if isinstance(each, ast.JoinedStr) and any(
            isinstance(part, ast.Constant) and _MODEL_URLS.search(str(part.value)) for part in each.values
        ):
            return True
        if isinstance(each, ast.Dict):
            keys = {key.value for key in each.keys if isinstance(key, ast.Constant)}
            if "model" in keys and keys & {"messages", "prompt"}:
                return True
    return False


def tag_of_call(name: str, node: ast.Call) -> Tag | None:
    """Return what the object that a call makes gives when it is asked, or None."""
    tag = _tag(name)
    return None if tag and name.endswith("pipeline") and not _is_text_task(node) else tag


@lru_cache(maxsize=8192)
def _tag(name: str) -> Tag | None:
    last = name.rpartition(".")[2]
    if last in _LLMS or name.endswith(_LLM_MAKERS) or (last == "pipeline" and name.startswith("transformers")):
        return "=llm"
    if last == "as_retriever":
        return "=retriever"
    return "=loader" if _LOADERS.search(name) else "=search" if _SEARCHES.search(name) else None


def _is_text_task(node: ast.Call) -> bool:
    given = next((each.value for each in node.keywords if each.arg == "task"), node.args[0] if node.args else None)
    if not isinstance(given, ast.Constant):
        return True
    return str(given.value).partition("_")[0] in _TEXT_TASKS


def asked(tags: Iterable[str], method: str) -> Origin | None:
    """Return what an object with these tags gives when the method is called, `__call__` when it is called itself."""
    held = set(tags)
    if "=llm" in held and method in _LLM_METHODS:
        return "model"
    if "=retriever" in held and method in {"invoke", "ainvoke", "retrieve", "query"}:
        return "retrieved"
    if "=loader" in held and method in {"load", "aload", "lazy_load", "load_and_split"}:
        return "fetched"
    if "=search" in held and method in {"run", "invoke", "search", "text", "results", "load"}:
        return "fetched"
    return None


def is_asked_by_name(receiver: str, method: str, packages: frozenset[str]) -> bool:
    """Return whether something that is named like a model, chain or agent is asked, in a file that imports a framework for them."""
    return method in _LLM_METHODS and bool(packages & AI) and _LLM_NAMED.search(receiver) is not None
