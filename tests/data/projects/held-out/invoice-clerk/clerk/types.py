from decimal import Decimal

from pydantic import BaseModel


class Invoice(BaseModel):
    number: str
    supplier: str
    iban: str
    total: Decimal
    currency: str = "EUR"


class NotAnInvoice(BaseModel):
    reason: str
