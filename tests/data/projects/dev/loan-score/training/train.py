import argparse

import joblib
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

FEATURES = ["income", "amount", "months", "age", "open_loans"]
TARGET = "defaulted"


def load(path):
    frame = pd.read_csv(path, parse_dates=["requested"])
    frame = frame[frame["requested"] >= "2022-01-01"]
    return frame[FEATURES], frame[TARGET]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="data/loans.csv")
    parser.add_argument("--out", default="artifacts/scorecard.joblib")
    args = parser.parse_args()
    X, y = load(args.data)
    pipeline = Pipeline([("scale", StandardScaler()), ("model", LogisticRegression(C=0.5, max_iter=500))])
    guess = cross_val_predict(pipeline, X, y, cv=StratifiedKFold(5, shuffle=True, random_state=1), method="predict_proba")[:, 1]
    print(f"AUC {roc_auc_score(y, guess):.3f}")
    pipeline.fit(X, y)
    joblib.dump(pipeline, args.out)


if __name__ == "__main__":
    main()
