import asyncio

import structlog
from agents import InputGuardrailTripwireTriggered, Runner

from clerk.db import connect
from clerk.team import triage

log = structlog.get_logger()


async def handle(mail_id: str, text: str) -> None:
    try:
        result = await Runner.run(triage, text, context=mail_id, max_turns=12)
    except InputGuardrailTripwireTriggered:
        log.warning("mail gives orders", mail=mail_id)
        return
    log.info("done", mail=mail_id, agent=result.last_agent.name)


async def main() -> None:
    while True:
        with connect() as db:
            rows = db.execute("update mail set taken = now() where taken is null returning id, body").fetchall()
        for mail_id, body in rows:
            await handle(mail_id, body)
        await asyncio.sleep(10)


if __name__ == "__main__":
    asyncio.run(main())
