import argparse
import json
import pickle
from pathlib import Path

import tensorflow as tf

from leaf.data import plant_village
from leaf.model import build
from leaf.params import SEED


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--out", type=Path, default=Path("runs/latest"))
    args = parser.parse_args()

    tf.keras.utils.set_random_seed(SEED)
    train, valid, names = plant_village()
    model = build(len(names))
    args.out.mkdir(parents=True, exist_ok=True)
    history = model.fit(
        train,
        validation_data=valid,
        epochs=args.epochs,
        callbacks=[
            tf.keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True),
            tf.keras.callbacks.ModelCheckpoint(str(args.out / "best.keras"), save_best_only=True),
        ],
    )
    model.save(args.out / "model.keras")
    with open(args.out / "names.pkl", "wb") as handle:
        pickle.dump(names, handle)
    (args.out / "history.json").write_text(json.dumps(history.history, default=float))


if __name__ == "__main__":
    main()
