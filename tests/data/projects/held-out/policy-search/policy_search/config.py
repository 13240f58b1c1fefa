import os
from typing import Final

AZURE_ENDPOINT: Final = os.environ["AZURE_OPENAI_ENDPOINT"]
API_VERSION: Final = "2024-10-21"
CHAT_DEPLOYMENT: Final = os.environ.get("CHAT_DEPLOYMENT", "gpt-4o-policies")
EMBEDDING_DEPLOYMENT: Final = os.environ.get("EMBEDDING_DEPLOYMENT", "embed-3-small")
DATABASE_URL: Final = os.environ["DATABASE_URL"]
TABLE: Final = "policy_chunk"
