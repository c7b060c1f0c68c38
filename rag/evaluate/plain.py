"""Values of this package as JSON types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from rag.evaluate.metrics import Rate
from rag.types import Passage


def plain(value: Any) -> Any:
    if isinstance(value, Rate):
        low, high = value.interval or (None, None)
        return {"hits": value.hits, "total": value.total, "value": value.value, "low": low, "high": high}
    if is_dataclass(value):
        skipped = {"sentences", "windows"} if isinstance(value, Passage) else set()
        return {f.name: plain(getattr(value, f.name)) for f in fields(value) if f.name not in skipped}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value
