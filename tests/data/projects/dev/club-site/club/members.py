from flask import Blueprint, redirect, render_template, request, url_for

from club.db import get

bp = Blueprint("members", __name__, url_prefix="/members")


@bp.get("/")
def index():
    agent = request.headers.get("User-Agent", "")
    rows = get().execute("select id, name, mail from member order by name").fetchall()
    return render_template("members.html", members=rows, mobile="Mobile" in agent)


@bp.post("/")
def create():
    get().execute("insert into member (name, mail) values (?, ?)", (request.form["name"], request.form["mail"]))
    get().commit()
    return redirect(url_for("members.index"))
