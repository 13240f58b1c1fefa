"""Two servers of our own behind one function."""
import os
from typing import Literal, Protocol

from ollama import Client
from openai import OpenAI


class Backend(Protocol):
    def complete(self, system: str, text: str) -> str: ...


class Ollama:
    def __init__(self, model="llama3.1:8b"):
        self.model = model
        self.client = Client(host=os.environ["OLLAMA_URL"])

    def complete(self, system, text):
        reply = self.client.chat(model=self.model, messages=[{"role": "system", "content": system}, {"role": "user", "content": text}])
        return reply["message"]["content"]


class Vllm:
    def __init__(self, model="mistralai/Mistral-7B-Instruct-v0.3"):
        self.model = model
        self.client = OpenAI(base_url=os.environ["VLLM_URL"], api_key="EMPTY")

    def complete(self, system, text):
        reply = self.client.chat.completions.create(
            model=self.model,
            messages=[{"role": "user", "content": f"{system}\n\n{text}"}],
        )
        return reply.choices[0].message.content


def backend(name: Literal["ollama", "vllm"]) -> Backend:
    return {"ollama": Ollama, "vllm": Vllm}[name]()
