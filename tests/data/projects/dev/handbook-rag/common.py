from pathlib import Path

import yaml
from dotenv import load_dotenv
from langchain_chroma import Chroma
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

load_dotenv()


def load_config(path="config.yaml"):
    return yaml.safe_load(Path(path).read_text(encoding="utf-8"))


def get_store(config):
    embeddings = OpenAIEmbeddings(model=config["embedding"]["model"])
    return Chroma(
        collection_name=config["store"]["collection"],
        embedding_function=embeddings,
        persist_directory=config["store"]["path"],
    )


def get_llm(config):
    return ChatOpenAI(model=config["answer"]["model"], temperature=config["answer"]["temperature"])
