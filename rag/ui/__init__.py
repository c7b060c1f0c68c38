"""The chat window."""

from rag.ui.server import serve
from rag.ui.window import build

__all__ = ["build", "serve"]
