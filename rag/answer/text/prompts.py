"""The words that a model is told, from ``prompts/``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_HERE = Path(__file__).resolve().parents[2]
_FOLDERS = (_HERE / "prompts", _HERE.parent / "prompts")  # installed wheel, source tree


@lru_cache(maxsize=16)
def prompt_text(name: str) -> str:
    """The words of ``prompts/<name>.md``. Raises FileNotFoundError where the installation is not whole."""
    for folder in _FOLDERS:
        if (folder / f"{name}.md").is_file():
            return (folder / f"{name}.md").read_text(encoding="utf-8").strip()
    raise FileNotFoundError(f"prompts/{name}.md")
