from __future__ import annotations

from agents import RunContextWrapper, function_tool

from clerk.approvals import ask_person
from clerk.db import connect


@function_tool
def supplier_record(name: str) -> dict:
    """Name, IBAN and open orders of a supplier.

    Args:
        name: name as on the invoice
    """
    with connect() as db:
        row = db.execute("select name, iban, open_orders from supplier where name ilike %s", (f"%{name}%",)).fetchone()
    return {"name": row[0], "iban": row[1], "open_orders": row[2]} if row else {}


@function_tool
def report(query: str) -> list[list[str]]:
    """Run a SQL query on the accounting database and return the rows.

    Args:
        query: PostgreSQL
    """
    with connect() as db:
        return [[str(value) for value in row] for row in db.execute(query).fetchall()]


@function_tool
async def schedule_payment(ctx: RunContextWrapper[str], number: str, iban: str, cents: int) -> str:
    """Schedule a payment. A person is asked first."""
    if not await ask_person(ctx.context, f"pay {cents / 100:.2f} EUR to {iban} for {number}"):
        return "refused by a person"
    with connect() as db:
        db.execute("insert into payment (invoice, iban, cents) values (%s, %s, %s)", (number, iban, cents))
    return "scheduled"


@function_tool
def delete_invoice(number: str) -> str:
    """Delete an invoice and its file for good."""
    with connect() as db:
        db.execute("delete from invoice where number = %s", (number,))
    return "deleted"
