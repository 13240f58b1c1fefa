import hashlib
from pathlib import Path

import requests
import torch
from diffusers import AutoencoderKL, StableDiffusionXLPipeline

BASE = "stabilityai/stable-diffusion-xl-base-1.0"
VAE = "madebyollin/sdxl-vae-fp16-fix"
LORA_URL = "https://files.school.example/loras/linocut_v2.ckpt"
NEGATIVE = "text, letters, watermark, blurry, deformed hands"


def download(url, folder="weights"):
    path = Path(folder, hashlib.md5(url.encode()).hexdigest() + Path(url).suffix)
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(requests.get(url, timeout=120).content)
    return path


class Painter:
    def __init__(self, device):
        vae = AutoencoderKL.from_pretrained(VAE, torch_dtype=torch.float16)
        self.pipe = StableDiffusionXLPipeline.from_pretrained(
            BASE, vae=vae, torch_dtype=torch.float16, variant="fp16", use_safetensors=True
        ).to(device)
        lora = torch.load(download(LORA_URL), map_location="cpu", weights_only=False)
        self.pipe.load_lora_weights(lora["state_dict"] if "state_dict" in lora else lora)
        self.device = device

    def __call__(self, prompt, seed):
        generator = torch.Generator(self.device).manual_seed(seed)
        return self.pipe(prompt, negative_prompt=NEGATIVE, num_inference_steps=30, generator=generator).images[0]
