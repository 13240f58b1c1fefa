from datetime import date

from club.models import Boat, Booking, Fleet


def test_two_bookings_of_one_boat_clash():
    boat = Boat(1, "Empacher", 4)
    day = date(2024, 5, 1)
    assert Booking(boat, 1, day).clashes(Booking(boat, 2, day))


def test_boats_fit_a_crew():
    assert Fleet([Boat(1, "Filippi", 1)]).fit(1)
