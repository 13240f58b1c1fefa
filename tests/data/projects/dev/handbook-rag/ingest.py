import sys
from pathlib import Path

from langchain_community.document_loaders import DirectoryLoader, PyPDFLoader, TextLoader
from langchain_text_splitters import RecursiveCharacterTextSplitter

from common import get_store, load_config


def load(folder):
    documents = []
    for pattern, loader in (("**/*.pdf", PyPDFLoader), ("**/*.md", TextLoader)):
        documents += DirectoryLoader(folder, glob=pattern, loader_cls=loader).load()
    return documents


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else "docs"
    config = load_config()
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=config["chunk"]["size"], chunk_overlap=config["chunk"]["overlap"]
    )
    pieces = splitter.split_documents(load(folder))
    store = get_store(config)
    store.add_documents(pieces)
    print(f"{len(pieces)} pieces of {len(list(Path(folder).rglob('*.*')))} files")


if __name__ == "__main__":
    main()
