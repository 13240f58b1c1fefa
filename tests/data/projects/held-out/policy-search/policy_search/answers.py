from policy_search import llm, store

SYSTEM_MESSAGE = """You answer questions of insurance brokers about policies.
Answer from the passages. Give policy and page in brackets. Do not give legal advice."""


async def answer(db, question: str) -> dict:
    (vector,) = await llm.embed([question])
    passages = await store.nearest(db, vector)
    context = "\n\n".join(f"[{row['policy']}, p. {row['page']}] {row['text']}" for row in passages)
    text = await llm.chat(
        [
            {"role": "system", "content": SYSTEM_MESSAGE},
            {"role": "user", "content": f"Passages:\n{context}\n\nQuestion: {question}"},
        ],
        temperature=0.1,
        max_tokens=700,
    )
    return {"answer": text, "sources": [row["policy"] for row in passages]}
