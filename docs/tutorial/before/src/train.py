"""Trains the router."""

import csv

import joblib
import numpy as np
from sklearn.linear_model import LogisticRegression

with open("data/tickets.csv", encoding="utf-8") as file:
    rows = [[float(each) for each in row] for row in list(csv.reader(file))[1:]]
table = np.array(rows)
model = LogisticRegression(max_iter=200).fit(table[:, :3], table[:, 3])
joblib.dump(model, "models/router.joblib")
