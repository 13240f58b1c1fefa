import torch
import wandb
from torch import nn

from .config import Config
from .data import loaders
from .net import BoneAge


def run(config: Config):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    wandb.init(project="bone-age", config=vars(config))
    train, valid = loaders(config)
    net = BoneAge(config.backbone).to(device)
    optimiser = torch.optim.AdamW(net.parameters(), lr=config.lr)
    loss_of = nn.L1Loss()
    best = float("inf")
    for epoch in range(config.epochs):
        net.train()
        for image, male, age in train:
            loss = loss_of(net(image.to(device), male.to(device)), age.to(device))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        net.eval()
        with torch.no_grad():
            error = sum(loss_of(net(i.to(device), m.to(device)), a.to(device)).item() for i, m, a in valid) / len(valid)
        wandb.log({"epoch": epoch, "mae": error})
        if error < best:
            best = error
            torch.save({"config": config, "state": net.state_dict()}, config.checkpoint)


if __name__ == "__main__":
    run(Config())
