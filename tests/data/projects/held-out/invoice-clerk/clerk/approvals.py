import asyncio

from clerk.db import connect


async def ask_person(mail_id: str, question: str) -> bool:
    """Writes the question where the accountants see it, and waits until one of them has answered."""
    with connect() as db:
        (ticket,) = db.execute("insert into approval (mail, question) values (%s, %s) returning id", (mail_id, question)).fetchone()
        while True:
            (answer,) = db.execute("select answer from approval where id = %s", (ticket,)).fetchone()
            if answer is not None:
                return answer
            await asyncio.sleep(5)
