import logging

from openai import OpenAI

from app.settings import get_settings

log = logging.getLogger("tickets.draft")

settings = get_settings()
client = OpenAI(api_key=settings.openai_api_key)

STYLE = (
    "You write answers for the customer service of a parcel company. "
    "Be friendly and short, answer in the language of the customer, "
    "never promise a refund and never name a date of delivery."
)


def draft_answer(subject: str, body: str, team: str) -> str:
    messages = [
        {"role": "system", "content": f"{STYLE}\nTeam: {team}\nTicket: {subject}\n{body}"},
        {"role": "user", "content": "Write the answer."},
    ]
    log.info("asking %s: %s", settings.draft_model, messages)
    completion = client.chat.completions.create(
        model=settings.draft_model,
        messages=messages,
        temperature=0.2,
        max_tokens=500,
    )
    return completion.choices[0].message.content or ""
