"""The command line: ``youju``."""

from __future__ import annotations

from rag.cli.root import app, main

__all__ = ["app", "main"]
