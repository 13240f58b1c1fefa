#!/bin/sh
set -eu
for model in llama3.1:8b nomic-embed-text qwen2.5-coder:7b; do
  docker compose exec ollama ollama pull "$model"
done
