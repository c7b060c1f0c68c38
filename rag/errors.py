"""Every error that the program raises on purpose.

::

    YoujuError
    ├── SettingsError       a setting is unknown or has a wrong value
    ├── IngestError         a file cannot be read as an article
    │   ├── UnreadableFile      missing, no permission, not a file
    │   └── NotText             binary, empty, or in no encoding known here
    ├── ModelError          a model cannot be had or used
    │   ├── ModelUnavailable    not fetched, not found, no source answered
    │   ├── ModelDamaged        its checksum or fingerprint is wrong
    │   └── ModelCallFailed     the endpoint refused, broke off or timed out
    ├── StoreError          the index cannot be opened, read or written
    │   ├── IndexMissing        there is none in that folder yet
    │   ├── IndexMismatch       made with another model or splitter
    │   └── IndexReadOnly       cannot be written
    ├── QuestionError       an empty question, a date that is none, a batch row without its keys
    └── EvaluationError     a question set cannot be used

An error carries *what happened* (``what``), *to what* (``subject``: a file, a setting, an address) and *what to do
next* (``advice``). The edges
ask for the line in the reader's language with ``text()``.
"""

from __future__ import annotations

__all__ = [
    "EvaluationError",
    "IndexMismatch",
    "IndexMissing",
    "IndexReadOnly",
    "IngestError",
    "ModelCallFailed",
    "ModelDamaged",
    "ModelError",
    "ModelUnavailable",
    "NotText",
    "QuestionError",
    "SettingsError",
    "StoreError",
    "UnreadableFile",
    "YoujuError",
]


class YoujuError(Exception):
    """Base of all. ``what`` and ``advice`` are keys with both languages: ``(Chinese, English)``."""

    def __init__(self, what: tuple[str, str], *, subject: str = "", advice: tuple[str, str] = ("", "")) -> None:
        self.what, self.subject, self.advice = what, subject, advice
        super().__init__(self.text("en"))

    def text(self, language: str = "zh") -> str:
        """One line: subject, what happened, what to do next. ``language`` is "zh" or "en"."""
        index = 0 if language == "zh" else 1
        colon, stop = ("：", "。") if language == "zh" else (": ", ". ")
        head = f"{self.subject}{colon}" if self.subject else ""
        advice = self.advice[index]
        return f"{head}{self.what[index]}{stop}{advice}".rstrip() if advice else f"{head}{self.what[index]}"


class SettingsError(YoujuError):
    """A setting is unknown or has a wrong value."""


class IngestError(YoujuError):
    """A file cannot be read as an article."""


class UnreadableFile(IngestError):
    """The file is missing, may not be read, or is no file."""


class NotText(IngestError):
    """The file is binary, empty, or in no encoding known here."""


class ModelError(YoujuError):
    """A model cannot be had or used."""


class ModelUnavailable(ModelError):
    """The model has not been fetched, is not there, or no source answered."""


class ModelDamaged(ModelError):
    """The model's checksum or fingerprint is wrong."""


class ModelCallFailed(ModelError):
    """The endpoint refused, broke off or timed out."""


class StoreError(YoujuError):
    """The index cannot be opened, read or written."""


class IndexMissing(StoreError):
    """There is no index in that folder yet."""


class IndexMismatch(StoreError):
    """The index was made with another model or splitter."""


class IndexReadOnly(StoreError):
    """The index cannot be written."""


class QuestionError(YoujuError):
    """The question, its date or its batch row cannot be used."""


class EvaluationError(YoujuError):
    """A question set cannot be used."""
