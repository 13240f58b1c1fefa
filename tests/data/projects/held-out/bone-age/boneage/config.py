from dataclasses import dataclass


@dataclass
class Config:
    backbone: str = "tf_efficientnetv2_s.in21k_ft_in1k"
    size: int = 384
    epochs: int = 40
    lr: float = 1e-4
    batch: int = 24
    root: str = "data/rsna"
    checkpoint: str = "checkpoints/best.pth"
