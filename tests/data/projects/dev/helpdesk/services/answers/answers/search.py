from opensearchpy import OpenSearch

from .bedrock import embed
from .env import INDEX, OPENSEARCH_HOST

client = OpenSearch(hosts=[{"host": OPENSEARCH_HOST, "port": 9200}], use_ssl=OPENSEARCH_HOST != "localhost")


def articles(question: str, k: int = 4) -> list[dict]:
    body = {"size": k, "query": {"knn": {"vector": {"vector": embed(question), "k": k}}}, "_source": ["title", "text"]}
    return [hit["_source"] for hit in client.search(index=INDEX, body=body)["hits"]["hits"]]
