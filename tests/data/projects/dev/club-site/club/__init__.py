import os

from flask import Flask

from club import bookings, db, members


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
    app.config["DATABASE"] = os.environ.get("DATABASE", "club.sqlite3")
    db.init_app(app)
    app.register_blueprint(members.bp)
    app.register_blueprint(bookings.bp)
    return app
