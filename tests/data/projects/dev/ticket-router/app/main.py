from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel, Field

from app import store
from app.classify import mood_of, team_of
from app.draft import draft_answer

app = FastAPI(title="ticket-router")
app.add_middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)
store.Base.metadata.create_all(store.engine)


class NewTicket(BaseModel):
    subject: str = Field(max_length=200)
    body: str = Field(max_length=20_000)


@app.get("/health")
def health() -> dict:
    return {"ok": True}


@app.post("/tickets")
def create(ticket: NewTicket) -> dict:
    team, score = team_of(f"{ticket.subject}\n{ticket.body}")
    mood = mood_of(ticket.body)
    draft = draft_answer(ticket.subject, ticket.body, team)
    number = store.save(store.Ticket(subject=ticket.subject, body=ticket.body, team=team, mood=mood, draft=draft))
    return {"id": number, "team": team, "score": score, "mood": mood, "draft": draft}


@app.get("/teams/{team}")
def team_tickets(team: str) -> list[dict]:
    return [{"id": each.id, "subject": each.subject, "draft": each.draft} for each in store.by_team(team)]
