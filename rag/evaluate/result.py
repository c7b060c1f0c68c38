"""What an evaluation leaves behind."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rag.errors import EvaluationError
from rag.evaluate.metrics import Metrics
from rag.evaluate.questions import Question
from rag.evaluate.score import Outcome, Score
from rag.settings import Settings
from rag.types import Answer, Evidence, Hit

# What can move a figure: the program, its models' runtimes and its search libraries.
PACKAGES = (
    "youju",
    "torch",
    "sentence-transformers",
    "faiss-cpu",
    "tantivy",
    "xllamacpp",
    "langchain-openai",
    "opencc",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One question with all that was found, shown and said."""

    question: Question
    rewritten: str  # as searched for
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]  # shown to the model
    answer: Answer | None  # None after an error, and where nothing but retrieval was asked for
    error: tuple[str, str] | None  # Chinese, English
    lost: bool  # a gold text stands in the file and not in the document as the program reads it
    score: Score

    @property
    def failed(self) -> bool:
        return self.score.outcome not in (Outcome.RIGHT, Outcome.FOUND, Outcome.UNTRIED)

    @property
    def faulty_citations(self) -> int:
        """Citations of an answer to an answerable question that are not right, and any that is not exact."""
        return sum(not c.exact or (self.question.answerable and not c.right) for c in self.score.citations)


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    name: str
    question_set: str  # file name
    question_set_sha256: str
    when: datetime  # with time zone
    seconds: float  # the whole run
    retrieval_only: bool
    settings: Mapping[str, Any]  # see ``public_settings``
    models: tuple[str, ...]  # language models that answered
    versions: Mapping[str, str]
    machine: Mapping[str, str | int]
    documents: int  # in the index
    passages: int
    rows: tuple[Row, ...]
    overall: Metrics
    by_type: Mapping[str, Metrics]  # in the order in which the set names them
    planned: int = 0  # questions that were to be asked; 0: not known, of an earlier version
    left_out: tuple[tuple[str, str], ...] = ()  # lines of the set that could not be used: place and reason, zh and en

    def worst(self) -> list[Row]:
        """Rows that failed or cite wrongly, the gravest first: what a reader would believe comes before what he sees."""
        return sorted((r for r in self.rows if r.failed or r.faulty_citations), key=_gravity)


_GRAVEST_FIRST = (
    Outcome.ERROR,
    Outcome.INVENTED,
    Outcome.WRONG,
    Outcome.REFUSED,
    Outcome.NOT_SHOWN,
    Outcome.NOT_FOUND,
    Outcome.RIGHT,
)


def _gravity(row: Row) -> tuple[bool, int, int]:
    return (not row.score.unwarned, _GRAVEST_FIRST.index(row.score.outcome), -row.faulty_citations)


def public_settings(settings: Settings) -> dict[str, Any]:
    """Settings that may be published: no key, no user or password in an address, no path of this machine."""
    public: dict[str, Any] = settings.model_dump(
        mode="json", exclude={"index": True, "cache": True, "server": True, "llm": {"api_key"}}
    )
    public["llm"]["provider"] = settings.llm.kind
    public["llm"]["model"] = public_name(settings.llm.model)
    public["embedding"]["model"] = public_name(settings.embedding.model)
    address = urlsplit(settings.llm.base_url)
    public["llm"]["base_url"] = address._replace(
        netloc=address.netloc.rpartition("@")[2], query="", fragment=""
    ).geturl()
    return public


def public_name(model: str) -> str:
    """The name of a model; of a file or folder only the last part."""
    is_path = model.startswith(("~", ".")) or Path(model).is_absolute() or model.endswith(".gguf")
    return Path(model).name if is_path else model


def public_faults(errors: Iterable[EvaluationError]) -> tuple[tuple[str, str], ...]:
    """Each in Chinese and in English, its file without the folders of this machine."""
    named = [(error, error.subject.rpartition(os.sep)[2]) for error in errors]
    return tuple(
        (error.text("zh").replace(error.subject, name, 1), error.text("en").replace(error.subject, name, 1))
        for error, name in named
    )


@cache
def versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "-"
    return found


def machine() -> dict[str, str | int]:
    """What times depend on, and nothing that names the machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {"system": platform.system(), "architecture": platform.machine(), "cores": cores}
