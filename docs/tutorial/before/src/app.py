"""Answers tickets: the router chooses the desk, the assistant drafts a reply."""

import joblib
from fastapi import FastAPI
from openai import OpenAI

app = FastAPI()
client = OpenAI()
router = joblib.load("models/router.joblib")
INSTRUCTIONS = "You draft short, polite replies to support tickets. You never promise refunds and never give legal advice."


@app.post("/tickets")
def answer(text: str) -> dict[str, str]:
    """Return the desk for a ticket and a draft of a reply."""
    desk = router.predict([[len(text), text.count("invoice"), text.count("error")]])[0]
    messages = [{"role": "system", "content": INSTRUCTIONS}, {"role": "user", "content": text}]
    reply = client.chat.completions.create(model="gpt-4o-2024-08-06", messages=messages, max_tokens=300)
    return {"desk": str(desk), "draft": reply.choices[0].message.content}
