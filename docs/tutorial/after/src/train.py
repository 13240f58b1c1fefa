"""Trains the router; it is hashed and signed when training ends."""

import csv

import numpy as np
import tetrapylon
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression

with open("data/tickets.csv", encoding="utf-8") as file:
    rows = [[float(each) for each in row] for row in list(csv.reader(file))[1:]]
table = np.array(rows)
with tetrapylon.training("router"):
    model = LogisticRegression(max_iter=200).fit(table[:, :3], table[:, 3])
    save_file({"weights": model.coef_[0], "bias": model.intercept_}, "models/router.safetensors")
