import json
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt


@lru_cache
def _places():
    with open("places.json", encoding="utf-8") as handle:
        return {each["name"]: each for each in json.load(handle)}


def find_place(name):
    return _places().get(name) or {"error": "not known"}


def distance_km(start, end):
    a, b = find_place(start), find_place(end)
    if "error" in a or "error" in b:
        return {"error": "not known"}
    lat1, lon1, lat2, lon2 = map(radians, (a["lat"], a["lon"], b["lat"], b["lon"]))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return {"km": round(2 * 6371 * asin(sqrt(h)) * 1.25, 1)}
