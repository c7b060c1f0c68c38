"""Evaluation: questions with known answers and evidence → rates with their intervals, and where it fails."""

from rag.evaluate.metrics import Metrics, Rate, Times
from rag.evaluate.questions import Gold, Question, QuestionSet, load_questions
from rag.evaluate.report import to_json, write_report
from rag.evaluate.result import EvaluationResult, Row
from rag.evaluate.run import evaluate, run_evaluation
from rag.evaluate.score import Outcome, Score
from rag.evaluate.summary import print_summary

__all__ = [
    "EvaluationResult",
    "Gold",
    "Metrics",
    "Outcome",
    "Question",
    "QuestionSet",
    "Rate",
    "Row",
    "Score",
    "Times",
    "evaluate",
    "load_questions",
    "print_summary",
    "run_evaluation",
    "to_json",
    "write_report",
]
