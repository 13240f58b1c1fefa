import dill
import pandas as pd

COLUMNS = ["age_days", "price", "views", "likes", "photos"]


def read(path="s3://shop-exports/clicks/2024-11.parquet") -> pd.DataFrame:
    frame = pd.read_parquet(path)
    frame["age_days"] = (frame["seen"] - frame["listed"]).dt.days
    return frame.sort_values("session")


def load_encoder(path="artefacts/encoder.dill"):
    with open(path, "rb") as handle:
        return dill.load(handle)
