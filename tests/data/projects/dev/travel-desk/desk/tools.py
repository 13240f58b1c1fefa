"""Tools of the desk. Those that spend money stop for a person first."""

from __future__ import annotations

import httpx
from langchain_core.tools import tool
from langgraph.types import interrupt

from desk.config import Configuration

_http = httpx.Client(base_url=Configuration.load().api, timeout=20)


@tool
def find_trains(origin: str, destination: str, day: str) -> list[dict]:
    """Find train connections between two cities on a day (YYYY-MM-DD)."""
    return _http.get("/trains", params={"from": origin, "to": destination, "day": day}).raise_for_status().json()


@tool
def find_hotels(city: str, arrival: str, nights: int) -> list[dict]:
    """Find hotels in a city."""
    return _http.get("/hotels", params={"city": city, "arrival": arrival, "nights": nights}).raise_for_status().json()


@tool
def book(offer_id: str, traveller: str) -> dict:
    """Book an offer for a traveller. Costs money."""
    decision = interrupt({"question": f"Book {offer_id} for {traveller}?", "options": ["yes", "no"]})
    if decision != "yes":
        return {"booked": False, "reason": "a person said no"}
    return _http.post("/bookings", json={"offer": offer_id, "traveller": traveller}).raise_for_status().json()


@tool
def cancel(booking_id: str) -> dict:
    """Cancel a booking. May cost a fee."""
    return _http.delete(f"/bookings/{booking_id}").raise_for_status().json()


TOOLS = [find_trains, find_hotels, book, cancel]
