CREATE EXTENSION IF NOT EXISTS vector;
CREATE TABLE policy_chunk (
    id bigserial PRIMARY KEY,
    policy text NOT NULL,
    page int NOT NULL,
    text text NOT NULL,
    embedding vector(1536) NOT NULL
);
CREATE INDEX ON policy_chunk USING hnsw (embedding vector_cosine_ops);
