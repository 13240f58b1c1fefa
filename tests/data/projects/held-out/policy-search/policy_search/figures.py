"""Questions about figures: the model writes SQL over the table of claims."""

from policy_search import llm, store

SCHEMA = "claim(id int, policy text, kind text, paid numeric, reported date, settled date)"

WRITE_SQL = [
    {
        "role": "system",
        "content": f"Write one PostgreSQL query for the question. Table: {SCHEMA}. Answer with SQL only.",
    }
]


async def figures(db, question):
    sql = await llm.chat([*WRITE_SQL, {"role": "user", "content": question}], temperature=0)
    sql = sql.strip().removeprefix("```sql").removesuffix("```")
    rows = await store.run(db, sql)
    return {"sql": sql, "rows": rows[:200]}
