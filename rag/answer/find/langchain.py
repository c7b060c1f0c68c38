"""Retrieval as a LangChain retriever, for a chain of one's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever

from rag.types import Hit


class YoujuRetriever(BaseRetriever):
    """Passages as LangChain documents, best first; ``metadata`` says where each stands and how it was found.

    ``search`` is ``Youju.search`` (or anything of its form)::

        with Youju.open(load_settings()) as youju:
            retriever = YoujuRetriever(search=youju.search)
            retriever.invoke("扬州2025年工业开票目标是多少")
    """

    search: Callable[[str], Sequence[Hit]]

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 — LangChain passes it by name
    ) -> list[LangChainDocument]:
        return [as_document(hit) for hit in self.search(query)]


def as_document(hit: Hit) -> LangChainDocument:
    passage = hit.passage
    return LangChainDocument(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "document": hit.document,
            "title": hit.title,
            "heading": passage.heading,
            "date": str(hit.date) if hit.date else None,
            "start": passage.start,
            "end": passage.end,
            "score": hit.score,
            "dense_score": hit.dense_score,
            "dense_rank": hit.dense_rank,
            "lexical_score": hit.lexical_score,
            "lexical_rank": hit.lexical_rank,
        },
    )
