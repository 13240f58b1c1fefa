from flask import Flask, jsonify, render_template, request

from config import Config
from scoring import Scorer

app = Flask(__name__)
app.config.from_object(Config)
scorer = Scorer(app.config["MODEL_PATH"])


@app.route("/")
def form():
    return render_template("form.html")


@app.route("/score", methods=["POST"])
def score():
    payload = request.get_json(silent=True) or request.form.to_dict()
    missing = [name for name in scorer.columns if name not in payload]
    if missing:
        return jsonify(error=f"missing: {', '.join(missing)}"), 400
    risk = scorer.risk(payload)
    return jsonify(risk=risk, decision="manual" if risk > app.config["THRESHOLD"] else "accept")


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=5000, debug=True)
