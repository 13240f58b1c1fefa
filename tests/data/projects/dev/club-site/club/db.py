import sqlite3

import click
from flask import current_app, g

SCHEMA = """
create table if not exists member (id integer primary key, name text not null, mail text unique, agent integer default 0);
create table if not exists boat (id integer primary key, model text not null, seats integer);
create table if not exists booking (id integer primary key, boat integer references boat, member integer references member, day text);
"""


def get():
    if "db" not in g:
        g.db = sqlite3.connect(current_app.config["DATABASE"])
        g.db.row_factory = sqlite3.Row
    return g.db


def close(_error=None):
    db = g.pop("db", None)
    if db is not None:
        db.close()


@click.command("init-db")
def init_db():
    if click.prompt("Really make the tables", default="no") == "yes":
        get().executescript(SCHEMA)


def init_app(app):
    app.teardown_appcontext(close)
    app.cli.add_command(init_db)
