"""Every word of the window, in Chinese and in English. Templates use ``str.format``."""

from __future__ import annotations

from dataclasses import dataclass

from rag.ui.texts.both import in_english
from rag.ui.texts.chat import ChatTexts
from rag.ui.texts.evaluation import EvaluationTexts
from rag.ui.texts.library import LibraryTexts
from rag.ui.texts.search import SearchTexts
from rag.ui.texts.settings import SettingsTexts

__all__ = ["EN", "EXAMPLES", "ZH", "Texts", "texts"]

# Questions to begin with, and the shipped article that each is about: shown only while that article is in the index.
EXAMPLES: tuple[tuple[str, str], ...] = (
    ("扬州2025年工业开票目标是多少", "000_2a9a80530772cd84.txt"),
    ("新霖飞集团2023年的开票销售和税收各是多少？", "000_2a9a80530772cd84.txt"),
    ("扬州阿特斯新能源项目总投资多少，年产能多大？", "000_2a9a80530772cd84.txt"),
    ("盐城2023年的工业开票销售是多少？", "004_f8ec59bd59ec0566.txt"),
    ("徐州什么时候提出GDP破万亿的目标？", "004_f8ec59bd59ec0566.txt"),
    ("苏州的算力在全国、全省排第几？", "004_f8ec59bd59ec0566.txt"),
)


@dataclass(frozen=True)
class Texts(ChatTexts, LibraryTexts, SearchTexts, EvaluationTexts, SettingsTexts):
    """One name a phrase; those of a tab begin with its name."""


ZH = Texts()
EN = in_english(Texts)


def texts(language: str) -> Texts:
    """The words in ``language``: "zh" or "en"."""
    return ZH if language == "zh" else EN
