import timm
import torch
from torch import nn


class BoneAge(nn.Module):
    def __init__(self, backbone: str, pretrained: bool = True):
        super().__init__()
        self.backbone = timm.create_model(backbone, pretrained=pretrained, num_classes=0)
        self.head = nn.Sequential(nn.Linear(self.backbone.num_features + 1, 256), nn.GELU(), nn.Linear(256, 1))

    def forward(self, image, male):
        return self.head(torch.cat([self.backbone(image), male], dim=1))
