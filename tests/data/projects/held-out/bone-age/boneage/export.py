import torch

from .config import Config
from .net import BoneAge

config = Config()
net = BoneAge(config.backbone, pretrained=False)
net.load_state_dict(torch.load(config.checkpoint, map_location="cpu", weights_only=False)["state"])
torch.onnx.export(net, (torch.zeros(1, 3, config.size, config.size), torch.zeros(1, 1)), "boneage.onnx", input_names=["image", "male"])
