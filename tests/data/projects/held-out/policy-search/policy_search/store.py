import asyncpg
from pgvector.asyncpg import register_vector

from policy_search.config import DATABASE_URL, TABLE


async def pool():
    return await asyncpg.create_pool(DATABASE_URL, init=register_vector)


async def nearest(db, vector, k=5):
    sql = f"SELECT policy, page, text FROM {TABLE} ORDER BY embedding <=> $1 LIMIT $2"
    return await db.fetch(sql, vector, k)


async def run(db, sql):
    return [dict(row) for row in await db.fetch(sql)]
