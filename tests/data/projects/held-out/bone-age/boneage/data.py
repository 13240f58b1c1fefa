import os

import cv2
import numpy as np
import pandas as pd
import torch
from torch.utils.data import DataLoader, Dataset

from .config import Config


def preprocess(path: str, size: int) -> torch.Tensor:
    image = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
    clahe = cv2.createCLAHE(clipLimit=2.0, tileGridSize=(8, 8))
    image = clahe.apply(image)
    image = cv2.resize(image, dsize=(size, size), interpolation=cv2.INTER_NEAREST)
    return torch.from_numpy(image.astype(np.float32) / 255.0)[None].repeat(3, 1, 1)


class Hands(Dataset):
    def __init__(self, csv: str, folder: str, size: int):
        self.table = pd.read_csv(csv)
        self.folder, self.size = folder, size

    def __len__(self):
        return len(self.table)

    def __getitem__(self, index):
        row = self.table.iloc[index]
        image = preprocess(os.path.join(self.folder, f"{row['id']}.png"), self.size)
        return image, torch.tensor([row["male"]], dtype=torch.float32), torch.tensor([row["boneage"]], dtype=torch.float32)


def loaders(config: Config):
    train = Hands(f"{config.root}/train.csv", f"{config.root}/train", config.size)
    valid = Hands(f"{config.root}/valid.csv", f"{config.root}/valid", config.size)
    return DataLoader(train, config.batch, shuffle=True, num_workers=4), DataLoader(valid, config.batch, num_workers=4)
