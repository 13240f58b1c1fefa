import os

import psycopg


def connect() -> psycopg.Connection:
    return psycopg.connect(os.environ["CLERK_DSN"], autocommit=True)
