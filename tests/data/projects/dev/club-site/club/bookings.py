from datetime import date

from flask import Blueprint, abort, jsonify, request

from club.db import get
from club.models import Boat, Fleet

bp = Blueprint("bookings", __name__, url_prefix="/bookings")


@bp.get("/free")
def free():
    crew = request.args.get("crew", type=int) or abort(400)
    boats = [Boat(*row) for row in get().execute("select id, model, seats from boat")]
    taken = {row["boat"] for row in get().execute("select boat from booking where day = ?", (date.today().isoformat(),))}
    return jsonify([boat.model for boat in Fleet(boats).fit(crew) if boat.id not in taken])
