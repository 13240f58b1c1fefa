from llama_cpp import Llama

from .constants import LLM_FILE
from .memory import news

PROMPT_FILE = "prompts/reader.txt"


class Reader:
    def __init__(self):
        self.llm = Llama(model_path=LLM_FILE, n_ctx=8192, verbose=False)
        self.store = news()
        self.prompt = open(PROMPT_FILE, encoding="utf-8").read()

    def answer(self, question):
        articles = "\n\n".join(doc.page_content for doc in self.store.similarity_search(question, k=3))
        reply = self.llm.create_chat_completion(
            messages=[
                {"role": "system", "content": self.prompt},
                {"role": "user", "content": f"Artikel:\n{articles}\n\nFrage: {question}"},
            ],
            max_tokens=300,
        )
        return reply["choices"][0]["message"]["content"]
