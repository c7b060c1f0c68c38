"""Any Embedder as LangChain ``Embeddings``, to be used in a chain of one's own."""

from __future__ import annotations

from langchain_core.embeddings import Embeddings

from rag.models.embedder import Embedder


class YoujuEmbeddings(Embeddings):
    """``embed_documents`` puts the passage prompt before each text, ``embed_query`` the query prompt."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.embedder.embed_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self.embedder.embed_query(text).tolist()
        return vector
