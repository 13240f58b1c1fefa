import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from formatting import SYSTEM

BASE = "Qwen/Qwen2.5-1.5B-Instruct"
ADAPTER = "adapters/plain-v3"

tokenizer = AutoTokenizer.from_pretrained(BASE)
model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(BASE, torch_dtype=torch.bfloat16), ADAPTER)

while letter := input("Brief: "):
    chat = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": letter}]
    ids = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt")
    out = model.generate(ids, max_new_tokens=300)
    print(tokenizer.decode(out[0, ids.shape[1]:], skip_special_tokens=True))
