import os

REGION = os.getenv("AWS_REGION", "eu-central-1")
ANSWER_MODEL_ID = os.getenv("ANSWER_MODEL_ID", "anthropic.claude-3-haiku-20240307-v1:0")
EMBED_MODEL_ID = os.getenv("EMBED_MODEL_ID", "amazon.titan-embed-text-v2:0")
GUARDRAIL_ID = os.getenv("GUARDRAIL_ID", "gr-helpdesk")
GUARDRAIL_VERSION = os.getenv("GUARDRAIL_VERSION", "3")
OPENSEARCH_HOST = os.environ.get("OPENSEARCH_HOST", "localhost")
INDEX = "kb-articles"
