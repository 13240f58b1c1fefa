import os

import mlflow
import pandas as pd
import redis
from fastapi import FastAPI

from ranker.features import COLUMNS, load_encoder

mlflow.set_tracking_uri(os.environ.get("MLFLOW_TRACKING_URI", "http://mlflow:5000"))
model = mlflow.pyfunc.load_model("models:/shop-ranker/latest")
encoder = load_encoder()
cache = redis.Redis(host="redis")

app = FastAPI()


@app.post("/rank")
def rank(articles: list[dict]) -> list[int]:
    frame = pd.DataFrame(articles)
    frame["score"] = model.predict(encoder.transform(frame[COLUMNS]))
    return frame.sort_values("score", ascending=False)["id"].tolist()
