from langchain_core.messages import SystemMessage
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import MemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

from desk.config import Configuration
from desk.prompts import system_prompt
from desk.tools import TOOLS

config = Configuration.load()
llm = ChatOpenAI(model=config.model, temperature=config.temperature).bind_tools(TOOLS)


def call_model(state: MessagesState):
    messages = [SystemMessage(content=system_prompt()), *state["messages"]]
    return {"messages": [llm.invoke(messages)]}


builder = StateGraph(MessagesState)
builder.add_node("model", call_model)
builder.add_node("tools", ToolNode(TOOLS))
builder.add_edge(START, "model")
builder.add_conditional_edges("model", tools_condition)
builder.add_edge("tools", "model")
graph = builder.compile(checkpointer=MemorySaver())
