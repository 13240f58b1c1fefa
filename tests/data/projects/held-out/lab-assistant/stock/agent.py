from __future__ import annotations

import smtplib
from email.message import EmailMessage

import logfire
from pydantic import BaseModel, Field
from pydantic_ai import Agent, RunContext

from stock.deps import Deps

logfire.configure(send_to_logfire="if-token-present")


class StockAnswer(BaseModel):
    text: str
    grams: float = Field(ge=0)
    order_needed: bool


stock_agent = Agent(
    "openai:gpt-4o-2024-11-20",
    deps_type=Deps,
    result_type=StockAnswer,
    system_prompt="You know what is in the store room of a chemistry lab. Amounts come from the tool, never from memory.",
    retries=2,
)


@stock_agent.system_prompt
async def who_asks(ctx: RunContext[Deps]) -> str:
    return f"The person who asks is {ctx.deps.user}."


@stock_agent.tool
async def amount_in_stock(ctx: RunContext[Deps], substance: str) -> float:
    """Grams of a substance in the store room."""
    return ctx.deps.amount(substance)


@stock_agent.tool_plain
def molar_mass(formula: str) -> float:
    """Molar mass of a simple formula such as H2O."""
    from stock.chemistry import mass

    return mass(formula)


@stock_agent.tool
async def order(ctx: RunContext[Deps], substance: str, grams: float) -> str:
    """Order a substance from the supplier by mail."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "lab@example.org", "orders@supplier.example", f"Order {substance}"
    mail.set_content(f"{grams} g {substance}, ordered for {ctx.deps.user}")
    with smtplib.SMTP("mail.example.org") as smtp:
        smtp.send_message(mail)
    return "ordered"
