import pickle
import sys
from datetime import datetime

import numpy as np
from sklearn.ensemble import IsolationForest

MODEL = "scripts/tide_forest.pkl"


def readings(path):
    for line in open(path):
        when, level = line.split(";")
        yield datetime.fromisoformat(when), float(level)


def train(path):
    levels = np.array([[when.hour, level] for when, level in readings(path)])
    forest = IsolationForest(contamination=0.01, random_state=3).fit(levels)
    with open(MODEL, "wb") as handle:
        pickle.dump(forest, handle)


def look(path):
    with open(MODEL, "rb") as handle:
        forest = pickle.load(handle)
    for when, level in readings(path):
        if forest.predict([[when.hour, level]])[0] == -1:
            print(when.isoformat(), level)


if __name__ == "__main__":
    {"train": train, "look": look}[sys.argv[1]](sys.argv[2])
