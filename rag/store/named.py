"""Which article somebody means by a name."""

from __future__ import annotations

import os
from collections.abc import Iterable

from rag.errors import QuestionError
from rag.types import DocumentInfo


def named(wanted: str, documents: Iterable[DocumentInfo]) -> DocumentInfo | None:
    """The article with this id, path or name; None if there is none. Raises QuestionError where several bear the name."""
    path = os.path.abspath(wanted)  # noqa: PTH100 — symbolic links are kept: two names are two articles
    documents = list(documents)
    exact = [info for info in documents if wanted in (info.id, info.path) or info.path == path]
    found = exact or [info for info in documents if info.name == wanted]
    if len(found) > 1:
        paths = [info.path for info in found]
        raise QuestionError(
            (f"有 {len(found)} 篇文章叫这个名字", f"{len(found)} articles bear this name"),
            subject=wanted,
            advice=(f"请用路径说明是哪一篇：{'、'.join(paths)}", f"Say which by its path: {', '.join(paths)}"),
        )
    return found[0] if found else None
