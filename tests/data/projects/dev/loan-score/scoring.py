import joblib
import pandas as pd


class Scorer:
    columns = ["income", "amount", "months", "age", "open_loans"]

    def __init__(self, path):
        self.pipeline = joblib.load(path)

    def risk(self, payload):
        row = pd.DataFrame([{name: float(payload[name]) for name in self.columns}])
        return float(self.pipeline.predict_proba(row)[0, 1])
