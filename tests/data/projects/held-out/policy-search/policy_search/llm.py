from __future__ import annotations

from azure.identity.aio import DefaultAzureCredential, get_bearer_token_provider
from openai import AsyncAzureOpenAI
from tenacity import retry, stop_after_attempt, wait_random_exponential

from policy_search import config

_tokens = get_bearer_token_provider(DefaultAzureCredential(), "https://cognitiveservices.azure.com/.default")
_client = AsyncAzureOpenAI(
    azure_endpoint=config.AZURE_ENDPOINT,
    api_version=config.API_VERSION,
    azure_ad_token_provider=_tokens,
)


@retry(wait=wait_random_exponential(max=20), stop=stop_after_attempt(4))
async def embed(texts: list[str]) -> list[list[float]]:
    response = await _client.embeddings.create(model=config.EMBEDDING_DEPLOYMENT, input=texts)
    return [each.embedding for each in response.data]


@retry(wait=wait_random_exponential(max=20), stop=stop_after_attempt(4))
async def chat(messages: list[dict], **options) -> str:
    response = await _client.chat.completions.create(model=config.CHAT_DEPLOYMENT, messages=messages, **options)
    return response.choices[0].message.content
