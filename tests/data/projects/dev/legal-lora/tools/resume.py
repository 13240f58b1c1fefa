"""Looks into a checkpoint of a run that broke off."""
import sys

import torch

state = torch.load(sys.argv[1], map_location="cpu", weights_only=False)
print(state["global_step"], state["loss"])
print({name: tuple(tensor.shape) for name, tensor in state["model"].items()})

scheduler = torch.load("scheduler.pt", weights_only=True)
print(scheduler)
