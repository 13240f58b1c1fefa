"""Inspects a folder of photographs, for the weekly sample."""
import csv
import sys
from pathlib import Path

import cv2

from .config import INPUT_SIZE
from .infer import Inspector
from .preprocess import to_tensor


def main(folder, out):
    inspector = Inspector()
    with open(out, "w", newline="") as handle:
        writer = csv.writer(handle)
        for path in sorted(Path(folder).glob("*.jpg")):
            image = cv2.imread(str(path))
            image = cv2.resize(image, INPUT_SIZE)
            writer.writerow([path.name, *inspector(to_tensor(image[:, :, ::-1]))])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
