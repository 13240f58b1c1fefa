"""The HTTP interface, for signed-in members of the purchasing department."""

from __future__ import annotations

import hmac
import os
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from llama_index.core.base.base_query_engine import BaseQueryEngine
from pydantic import BaseModel, Field

from contract_search.engine import query_engine
from contract_search.settings import read

app = FastAPI(title="contract-search", docs_url=None)


def signed_in(authorization: Annotated[str, Header()] = "") -> None:
    expected = f"Bearer {os.environ['API_TOKEN']}"
    if not hmac.compare_digest(authorization, expected):
        raise HTTPException(401)


@lru_cache
def engine() -> BaseQueryEngine:
    return query_engine(read())


class Question(BaseModel):
    text: str = Field(min_length=3, max_length=1000)


class Answer(BaseModel):
    text: str
    sources: list[str]


@app.post("/answers", dependencies=[Depends(signed_in)])
def answer(question: Question) -> Answer:
    response = engine().query(question.text)
    return Answer(text=str(response), sources=[node.metadata.get("file_name", "") for node in response.source_nodes])
