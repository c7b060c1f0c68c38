"""How the words of the window are written down: Chinese and English side by side."""

from __future__ import annotations

from dataclasses import field, fields
from typing import Any, TypeVar

T = TypeVar("T")


def both(zh: str, en: str) -> Any:
    """A field of a dataclass of words: Chinese unless ``in_english`` makes it."""
    return field(default=zh, metadata={"en": en})


def in_english(words: type[T]) -> T:
    """The English instance of a dataclass whose fields are all ``both``."""
    return words(**{f.name: f.metadata["en"] for f in fields(words)})  # type: ignore[arg-type]
