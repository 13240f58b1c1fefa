#!/usr/bin/env python3
"""Fits the estimate of the arrival time and writes the coefficients for the Go side."""
import csv
import json

import numpy as np
from sklearn.linear_model import Ridge

COLUMNS = ("distance", "stops", "rain")


def rows(path):
    with open(path, newline="") as handle:
        for row in csv.DictReader(handle):
            yield [float(row[name]) for name in COLUMNS], float(row["minutes"])


def main(path="tools/deliveries.csv", out="eta.json"):
    X, y = zip(*rows(path))
    ridge = Ridge(alpha=1.0).fit(np.array(X), np.array(y))
    with open(out, "w") as handle:
        json.dump({"intercept": ridge.intercept_, "coefficients": list(ridge.coef_)}, handle)


if __name__ == "__main__":
    main()
