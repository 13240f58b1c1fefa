"""Reads a folder of contracts into the store."""

from __future__ import annotations

import sys

from llama_index.core import SimpleDirectoryReader, VectorStoreIndex

from contract_search.engine import configure, storage
from contract_search.settings import read


def main(folder: str) -> None:
    settings = read()
    configure(settings)
    documents = SimpleDirectoryReader(folder, recursive=True, required_exts=[".pdf", ".docx", ".txt"]).load_data()
    VectorStoreIndex.from_documents(documents, storage_context=storage(settings), show_progress=True)


if __name__ == "__main__":
    main(sys.argv[1])
