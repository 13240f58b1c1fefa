"""Wires model, embedding and store together."""

from __future__ import annotations

from llama_index.core import PromptTemplate, StorageContext, VectorStoreIndex
from llama_index.core import Settings as LlamaSettings
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.llms.anthropic import Anthropic
from llama_index.vector_stores.qdrant import QdrantVectorStore
from qdrant_client import QdrantClient

from contract_search.settings import Settings

QA_TEMPLATE = PromptTemplate(
    "Below are passages of contracts, each with its number.\n"
    "---------------------\n{context_str}\n---------------------\n"
    "Answer the question from these passages alone and name the numbers. "
    "If they do not answer it, say so.\n"
    "Question: {query_str}\nAnswer: "
)


def configure(settings: Settings) -> None:
    LlamaSettings.llm = Anthropic(model=settings.llm, max_tokens=settings.max_tokens)
    LlamaSettings.embed_model = HuggingFaceEmbedding(
        model_name=settings.embedding,
        revision=settings.embedding_revision,
    )
    LlamaSettings.chunk_size = 768


def storage(settings: Settings) -> StorageContext:
    client = QdrantClient(url=settings.qdrant_url, api_key=settings.qdrant_api_key)
    store = QdrantVectorStore(client=client, collection_name=settings.collection)
    return StorageContext.from_defaults(vector_store=store)


def query_engine(settings: Settings) -> BaseQueryEngine:
    configure(settings)
    context = storage(settings)
    index = VectorStoreIndex.from_vector_store(context.vector_store)
    return index.as_query_engine(similarity_top_k=6, text_qa_template=QA_TEMPLATE)
