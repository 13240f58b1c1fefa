"""The models of the domain."""
from dataclasses import dataclass
from datetime import date


@dataclass
class Boat:
    id: int
    model: str
    seats: int


@dataclass
class Booking:
    boat: Boat
    member: int
    day: date

    def clashes(self, other: "Booking") -> bool:
        return self.boat.id == other.boat.id and self.day == other.day


class Fleet:
    def __init__(self, boats: list[Boat]):
        self.boats = boats

    def fit(self, crew: int) -> list[Boat]:
        """Boats that fit a crew."""
        return [boat for boat in self.boats if boat.seats == crew]

    def predict_load(self, bookings: list[Booking], day: date) -> float:
        used = {each.boat.id for each in bookings if each.day == day}
        return len(used) / max(len(self.boats), 1)
