import json
from typing import Any

import boto3

from .env import ANSWER_MODEL_ID, EMBED_MODEL_ID, GUARDRAIL_ID, GUARDRAIL_VERSION, REGION

runtime = boto3.client("bedrock-runtime", region_name=REGION)


def embed(text: str) -> list[float]:
    response = runtime.invoke_model(modelId=EMBED_MODEL_ID, body=json.dumps({"inputText": text, "dimensions": 512}))
    return json.loads(response["body"].read())["embedding"]


def converse(system: str, turns: list[dict[str, Any]]) -> str:
    response = runtime.converse(
        modelId=ANSWER_MODEL_ID,
        system=[{"text": system}],
        messages=turns,
        inferenceConfig={"maxTokens": 800, "temperature": 0.1},
        guardrailConfig={"guardrailIdentifier": GUARDRAIL_ID, "guardrailVersion": GUARDRAIL_VERSION},
    )
    return response["output"]["message"]["content"][0]["text"]
