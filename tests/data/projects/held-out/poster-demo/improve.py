from transformers import pipeline

TEMPLATE = """Rewrite the wish as a prompt for a picture: subject first, then light, then style. One sentence.
Wish: {wish}
Style: {style}
Prompt:"""

writer = pipeline("text-generation", "microsoft/Phi-3.5-mini-instruct", trust_remote_code=True, device_map="auto")


def improve(wish, style):
    text = TEMPLATE.format(wish=wish, style=style)
    return writer(text, max_new_tokens=80, return_full_text=False)[0]["generated_text"].strip().splitlines()[0]
