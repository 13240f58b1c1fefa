import json
from pathlib import Path

from aws_lambda_powertools import Logger

from .bedrock import converse
from .search import articles

logger = Logger(service="answers")
SYSTEM = Path(__file__).with_name("prompts").joinpath("system.txt").read_text("utf-8")


def handler(event, context):
    question = json.loads(event["body"])["question"]
    found = articles(question)
    logger.info("articles found", extra={"count": len(found)})
    material = "\n\n".join(f"<article title={json.dumps(each['title'])}>\n{each['text']}\n</article>" for each in found)
    turns = [{"role": "user", "content": [{"text": f"{material}\n\nQuestion: {question}"}]}]
    answer = converse(SYSTEM, turns)
    return {"statusCode": 200, "body": json.dumps({"answer": answer, "sources": [each["title"] for each in found]})}
