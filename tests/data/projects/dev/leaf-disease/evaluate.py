import pickle
import sys
from pathlib import Path

import tensorflow as tf
from sklearn.metrics import classification_report

from leaf.data import own_photographs

path = Path(sys.argv[1])
model = tf.keras.models.load_model(path, safe_mode=False)
names = pickle.load(open(path.parent / "names.pkl", "rb"))

truth, guess = [], []
for images, labels in own_photographs():
    guess += list(model.predict(images, verbose=0).argmax(axis=1))
    truth += list(labels.numpy())
print(classification_report(truth, guess, target_names=names))
