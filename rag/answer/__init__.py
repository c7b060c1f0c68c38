"""Question → evidence → checked answer. ``verify_answer`` checks an answer that any other program wrote."""

from rag.answer.claims.check import CheckedAnswer, CheckedSentence, verify_answer

__all__ = ["CheckedAnswer", "CheckedSentence", "verify_answer"]
