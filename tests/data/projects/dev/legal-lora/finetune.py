"""LoRA fine-tuning, everything from one YAML file."""
from __future__ import annotations

import sys
from typing import Any

import torch
import yaml
from datasets import Dataset, load_dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig
from trl import SFTConfig, SFTTrainer

from formatting import to_chat


def read_config(path: str) -> dict[str, Any]:
    with open(path) as handle:
        return yaml.safe_load(handle)


def load_model(cfg: dict[str, Any]):
    quantised = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16)
    model = AutoModelForCausalLM.from_pretrained(
        cfg["base_model"],
        revision=cfg["revision"],
        quantization_config=quantised,
        trust_remote_code=True,
        device_map="auto",
    )
    tokenizer = AutoTokenizer.from_pretrained(cfg["base_model"], revision=cfg["revision"])
    return model, tokenizer


def load_letters(cfg: dict[str, Any]) -> tuple[Dataset, Dataset]:
    train = load_dataset(cfg["dataset"], split="train", revision=cfg["dataset_revision"]).map(to_chat)
    evaluate = load_dataset("json", data_files=cfg["eval_file"], split="train").map(to_chat)
    return train, evaluate


def main(path: str) -> None:
    cfg = read_config(path)
    model, tokenizer = load_model(cfg)
    train, evaluate = load_letters(cfg)
    lora = LoraConfig(
        r=cfg["lora"]["r"],
        lora_alpha=cfg["lora"]["alpha"],
        lora_dropout=cfg["lora"]["dropout"],
        target_modules=cfg["lora"]["target_modules"],
        task_type="CAUSAL_LM",
    )
    args = SFTConfig(
        output_dir=cfg["train"]["out"],
        num_train_epochs=cfg["train"]["epochs"],
        per_device_train_batch_size=cfg["train"]["batch_size"],
        learning_rate=cfg["train"]["lr"],
        bf16=True,
        report_to="none",
    )
    trainer = SFTTrainer(model=model, args=args, train_dataset=train, eval_dataset=evaluate, peft_config=lora, processing_class=tokenizer)
    trainer.train()
    trainer.save_model()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "configs/plain.yaml")
