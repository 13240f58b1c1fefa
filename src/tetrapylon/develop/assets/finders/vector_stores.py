"""Vector stores: clients and wrappers in Python and scripts, images in compose files, columns of PostgreSQL.

*What it does*: knows FAISS, Chroma, Pinecone, Qdrant, Weaviate, Milvus, pgvector, LanceDB, Redis, Elasticsearch, OpenSearch and
others by package and class.
*Why it matters*: what lies in the store is put into prompts, and it often holds what nobody meant to share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tetrapylon.develop.assets.javascript import imports_of
from tetrapylon.develop.assets.seeing import component, imports_any
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.values import values_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component

_CLIENTS: dict[str, tuple[str, str]] = {
    "QdrantClient": ("qdrant_client", "qdrant"), "AsyncQdrantClient": ("qdrant_client", "qdrant"),
    "PersistentClient": ("chromadb", "chroma"), "HttpClient": ("chromadb", "chroma"), "EphemeralClient": ("chromadb", "chroma"),
    "AsyncHttpClient": ("chromadb", "chroma"), "CloudClient": ("chromadb", "chroma"), "Client": ("chromadb", "chroma"),
    "Pinecone": ("pinecone", "pinecone"), "PineconeGRPC": ("pinecone", "pinecone"), "PineconeAsyncio": ("pinecone", "pinecone"),
    "init": ("pinecone", "pinecone"), "MilvusClient": ("pymilvus", "milvus"), "Collection": ("pymilvus", "milvus"),
    "connect_to_local": ("weaviate", "weaviate"), "connect_to_wcs": ("weaviate", "weaviate"),
    "connect_to_weaviate_cloud": ("weaviate", "weaviate"),
    "connect_to_custom": ("weaviate", "weaviate"), "connect_to_embedded": ("weaviate", "weaviate"), "connect": ("lancedb", "lancedb"),
    "connect_async": ("lancedb", "lancedb"), "read_index": ("faiss", "faiss"), "index_factory": ("faiss", "faiss"),
    "AnnoyIndex": ("annoy", "annoy"),
    "Index": ("usearch", "usearch"), "SearchIndex": ("redisvl", "redis"), "AsyncSearchIndex": ("redisvl", "redis"),
    "register_vector": ("pgvector", "pgvector"),
    "Vector": ("pgvector", "pgvector"), "VectorField": ("pgvector", "pgvector"), "HalfVector": ("pgvector", "pgvector"),
    "create_client": ("vecs", "pgvector"),
    "VectorStore": ("deeplake", "deeplake"), "Namespace": ("turbopuffer", "turbopuffer"), "InMemoryDocumentStore": ("haystack", "haystack"),
}  # fmt: skip
"""Clients of stores by their last word: the package they must come from, and the store."""

_WRAPPERS: tuple[tuple[str, str], ...] = (
    ("chroma", "chroma"), ("faiss", "faiss"), ("pinecone", "pinecone"), ("qdrant", "qdrant"), ("weaviate", "weaviate"),
    ("milvus", "milvus"), ("zilliz", "milvus"),
    ("pgvector", "pgvector"), ("lancedb", "lancedb"), ("redis", "redis"), ("opensearchvector", "opensearch"),
    ("opensearchdocument", "opensearch"),
    ("elasticsearchstore", "elasticsearch"), ("elasticvectorsearch", "elasticsearch"), ("elasticsearchdocument", "elasticsearch"),
    ("mongodbatlasvector", "mongodb-atlas"), ("azuresearch", "azure-ai-search"), ("azureaisearch", "azure-ai-search"),
    ("supabasevector", "supabase"),
    ("deeplake", "deeplake"), ("vectara", "vectara"), ("sklearnvectorstore", "scikit-learn"), ("inmemoryvectorstore", "in-memory"),
    ("docarray", "docarray"),
    ("sqlitevec", "sqlite-vec"), ("duckdbvector", "duckdb"), ("clickhouse", "clickhouse"), ("marqo", "marqo"), ("usearch", "usearch"),
    ("annoy", "annoy"),
    ("neo4jvector", "neo4j"), ("typesense", "typesense"), ("upstashvector", "upstash"), ("astradb", "astradb"), ("cassandra", "cassandra"),
    ("tidbvector", "tidb"), ("postgresvector", "pgvector"), ("vespa", "vespa"), ("couchbase", "couchbase"), ("bigqueryvector", "bigquery"),
    ("simplevectorstore", "llama-index"), ("timescalevector", "timescale"), ("rocksetvector", "rockset"), ("myscale", "myscale"),
    ("singlestore", "singlestore"),
)  # fmt: skip
"""Pieces of the classes of frameworks, in lower case, and the store."""

_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("@pinecone-database/pinecone", "pinecone"), ("chromadb", "chroma"), ("@qdrant/js-client-rest", "qdrant"),
    ("weaviate-client", "weaviate"),
    ("weaviate-ts-client", "weaviate"), ("@zilliz/milvus2-sdk-node", "milvus"), ("pgvector", "pgvector"),
    ("@lancedb/lancedb", "lancedb"), ("vectordb", "lancedb"),
    ("faiss-node", "faiss"), ("hnswlib-node", "hnswlib"), ("@upstash/vector", "upstash"), ("@langchain/pinecone", "pinecone"),
    ("@langchain/qdrant", "qdrant"),
    ("@langchain/weaviate", "weaviate"), ("@langchain/mongodb", "mongodb-atlas"), ("@langchain/community/vectorstores/chroma", "chroma"),
    ("@langchain/community/vectorstores/pgvector", "pgvector"), ("@langchain/community/vectorstores/faiss", "faiss"),
    ("langchain/vectorstores/memory", "in-memory"),
    ("langchain/vectorstores/chroma", "chroma"), ("langchain/vectorstores/pinecone", "pinecone"),
    ("@langchain/community/vectorstores/hnswlib", "hnswlib"),
    ("@langchain/community/vectorstores/supabase", "supabase"), ("langchain/vectorstores/hnswlib", "hnswlib"),
    ("langchain/vectorstores/faiss", "faiss"),
    ("@turbopuffer/turbopuffer", "turbopuffer"), ("@mastra/pg", "pgvector"), ("@mastra/pinecone", "pinecone"), ("sqlite-vec", "sqlite-vec"),
    ("langchain/vectorstores/supabase", "supabase"), ("@langchain/redis", "redis"), ("@orama/orama", "orama"),
)  # fmt: skip
_IMAGES: tuple[tuple[str, str], ...] = (
    ("qdrant/qdrant", "qdrant"), ("chromadb/chroma", "chroma"), ("/chroma-core/chroma", "chroma"),
    ("semitechnologies/weaviate", "weaviate"),
    ("weaviate/weaviate", "weaviate"), ("milvusdb/milvus", "milvus"), ("pgvector/pgvector", "pgvector"), ("ankane/pgvector", "pgvector"),
    ("redis/redis-stack", "redis"),
    ("vespaengine/vespa", "vespa"), ("marqoai/marqo", "marqo"),
)  # fmt: skip
_IMAGE = re.compile(r"\bimage:\s*[\"']?([\w./:@${}-]+)|^FROM[ \t]+([\w./:@-]+)", re.MULTILINE)
_SQL = re.compile(
    r"CREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?[\"']?(?:pg)?vector\b|\bvector\(\s*\d{2,5}\s*\)|\busing\s+(?:ivfflat|hnsw)\b",
    re.IGNORECASE,
)
_KNN = re.compile(r"[\"']?(?:knn_vector|dense_vector|knn)[\"']?")
_FRAMEWORKS = ("langchain", "llama_index", "haystack", "haystack_integrations", "agno", "phi")
_ABOUT = ("store", "vector", "chroma", "faiss", "qdrant", "pinecone", "milvus", "weaviate", "redis", "lancedb")
"""Pieces of names that speak of vectors."""

_BESIDES = ("cache", "history", "reader", "loader", "saver", "memory")
"""What frameworks keep in the same stores and is no vector; in-memory stores have a name of their own."""

_COLLECTIONS = ("collection_name", "index_name", "table_name", "collection", "name", "class_name", "namespace")


def find(repository: Repository) -> Iterator[Component]:
    """Yield the stores."""
    for code, call in repository.calls_of(*_CLIENTS):
        package, store = _CLIENTS[call.name.rpartition(".")[2]]
        if call.name.startswith(f"{package}."):
            yield _store(repository, code, call, store)
    for code in repository.python:
        yield from _python(repository, code)
    for file in repository.of("javascript"):
        for package in imports_of(file):
            known = next((store for each, store in _SCRIPTS if package == each or package.startswith(f"{each}/")), None)
            if known:
                yield component("vector-store", known, file.at(max(file.code.find(package), 0)), f"package `{package}`")
    for file in repository.of("compose", "yaml", "ci", "dockerfile"):
        for at, match in file.matches_in_code(_IMAGE):
            image = f"/{match[1] or match[2]}"
            yield from (component("vector-store", store, at, f"image `{image[1:]}`") for piece, store in _IMAGES if piece in image)
    yield from _sql(repository)


def _python(repository: Repository, code: PythonCode) -> Iterator[Component]:
    if imports_any(code, *_FRAMEWORKS):
        yield from _wrapped(repository, code)
    for call in code.calls if code.packages & {"faiss", "hnswlib"} else ():
        if call.name.startswith("faiss.Index") or call.name == "hnswlib.Index":
            yield _store(repository, code, call, call.name.partition(".")[0])
    if code.packages & {"opensearchpy", "elasticsearch"} and _searches(repository):
        for call in code.calls_of("OpenSearch", "Elasticsearch", "AsyncElasticsearch", "AsyncOpenSearch"):
            yield _store(repository, code, call, "opensearch" if "OpenSearch" in call.name else "elasticsearch")
    if imports_any(code, "azure.search.documents"):
        for call in code.calls_of("VectorizedQuery", "VectorizableTextQuery", "RawVectorQuery"):
            yield _store(repository, code, call, "azure-ai-search")


def _wrapped(repository: Repository, code: PythonCode) -> Iterator[Component]:
    """Yield the stores behind classes of frameworks."""
    for full in dict.fromkeys(code.imports.values()):
        lowered = full.rpartition(".")[2].lower()
        if (
            not full.startswith(_FRAMEWORKS)
            or not any(each in full.lower() for each in _ABOUT)
            or any(each in lowered.removeprefix("inmemory") for each in _BESIDES)
        ):
            continue
        store = next((store for piece, store in _WRAPPERS if piece in lowered), None)
        call = _first_call(code, full) if store else None
        if store and call is not None:
            yield _store(repository, code, call, store)
    if imports_any(code, "llama_index") and not any("vector_stores" in full for full in code.imports.values()):
        for call in code.calls_of("VectorStoreIndex.from_documents", "VectorStoreIndex"):
            if call.argument("storage_context") is None:
                yield _store(repository, code, call, "llama-index")


def _first_call(code: PythonCode, full: str) -> Call | None:
    """Return the first call of a class or of a way to make it."""
    ways = (full, f"{full}.load_local", f"{full}.load")
    return next((call for call in code.calls if call.name in ways or call.name.startswith(f"{full}.from_")), None)


def _store(repository: Repository, code: PythonCode, call: Call, store: str) -> Component:
    node = next((found for each in _COLLECTIONS if (found := call.argument(each)) is not None), None)
    return component("vector-store", store, call.at, f"`{call.name}`", collection=values_of(repository).text(code, node))


def _searches(repository: Repository) -> bool:
    """Return whether anything asks for the nearest vectors: these two search other things, too."""
    return repository.once(
        "knn", lambda each: any("k" in file.text and _KNN.search(file.text) for file in each.of("python", "json", "notebook"))
    )


def _sql(repository: Repository) -> Iterator[Component]:
    for file in repository.files:
        if file.name.endswith((".sql", ".py", ".ts", ".prisma")) and "vector" in file.text:
            for at, _ in file.matches_in_code(_SQL):
                yield component("vector-store", "pgvector", at, "vectors in PostgreSQL")
                break


EXAMPLES: dict[str, tuple[dict[str, str], set[tuple[str, str]]]] = {
    "clients": (
        {
            "a.py": "import chromadb, faiss\nfrom qdrant_client import QdrantClient\nfrom pinecone import Pinecone\n"
            "chromadb.PersistentClient(path='x')\nfaiss.IndexFlatL2(8)\nQdrantClient(url='x')\nPinecone(api_key=k)\n"
        },
        {("vector-store", "chroma"), ("vector-store", "faiss"), ("vector-store", "qdrant"), ("vector-store", "pinecone")},
    ),
    "wrappers": (
        {
            "a.py": "from langchain_chroma import Chroma\nfrom langchain_community.vectorstores import FAISS\n"
            "Chroma(collection_name='h')\nFAISS.from_documents(d, e)\n",
            "b.py": "from llama_index.vector_stores.milvus import MilvusVectorStore\nMilvusVectorStore()\n",
        },
        {("vector-store", "chroma"), ("vector-store", "faiss"), ("vector-store", "milvus")},
    ),
    "images, SQL and scripts": (
        {
            "compose.yaml": "services:\n  db:\n    image: qdrant/qdrant:v1\n",
            "a.sql": "CREATE EXTENSION IF NOT EXISTS vector;\n",
            "b.ts": "import { Pinecone } from '@pinecone-database/pinecone';\n",
        },
        {("vector-store", "qdrant"), ("vector-store", "pgvector"), ("vector-store", "pinecone")},
    ),
    "others": (
        {
            "a.py": "import redis, elasticsearch\nredis.Redis()\nelasticsearch.Elasticsearch('x')\n"
            "from langchain_redis import RedisChatMessageHistory\n"
            "RedisChatMessageHistory('x')\nClient()\nconnect('x')\n",
            "b.sql": "create table vector (id int);\n",
            "compose.yaml": "services:\n  r:\n    image: redis:7\n",
        },
        set(),
    ),
}
