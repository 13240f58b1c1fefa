SYSTEM = "Du schreibst Behördenbriefe in einfache Sprache um. Lass nichts weg, was eine Frist oder einen Betrag nennt."


def to_chat(row):
    return {
        "messages": [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": row["letter"]},
            {"role": "assistant", "content": row["plain"]},
        ]
    }
