from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2AuthorizationCodeBearer
from pydantic import BaseModel

from policy_search import answers, figures, store

oauth = OAuth2AuthorizationCodeBearer(
    authorizationUrl="https://login.example.org/authorize", tokenUrl="https://login.example.org/token"
)


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.db = await store.pool()
    yield
    await app.state.db.close()


app = FastAPI(lifespan=lifespan, dependencies=[Depends(oauth)])


class Question(BaseModel):
    text: str


@app.post("/answer")
async def answer(question: Question):
    return await answers.answer(app.state.db, question.text)


@app.post("/figures")
async def figures_(question: Question):
    return await figures.figures(app.state.db, question.text)
