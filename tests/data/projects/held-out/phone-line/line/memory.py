from langchain_community.vectorstores import FAISS
from langchain_community.embeddings import HuggingFaceEmbeddings

from .constants import EMBEDDING, INDEX


def news():
    embeddings = HuggingFaceEmbeddings(model_name=EMBEDDING)
    return FAISS.load_local(INDEX, embeddings, allow_dangerous_deserialization=True)
