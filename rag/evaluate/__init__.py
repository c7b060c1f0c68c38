"""Evaluation: questions with known answers and evidence → rates with their intervals, and where it fails."""

from rag.evaluate.beir import load_beir
from rag.evaluate.charts import outcome_bars, rank_columns
from rag.evaluate.compare import Comparison, Difference
from rag.evaluate.compare import compare as compare_results
from rag.evaluate.kept import KEPT, Kept, kept_results, load_result
from rag.evaluate.labels import OUTCOMES, RATES, TIMES, Label, percent, rate_of, times_of, type_names
from rag.evaluate.metrics import Metrics, Rate, Times
from rag.evaluate.questions import Gold, Question, QuestionSet, load_questions
from rag.evaluate.report import prepared, to_json, write_report
from rag.evaluate.result import EvaluationResult, Row
from rag.evaluate.retrieval import MEASURES, Mode, RetrievalResult, evaluate_retrieval
from rag.evaluate.retrieval_report import by_kind, worst, write_retrieval_report
from rag.evaluate.retrieval_report import figures as retrieval_figures
from rag.evaluate.run import Run, evaluate, run_evaluation
from rag.evaluate.score import Outcome, Score
from rag.evaluate.suggest import Draft
from rag.evaluate.suggest import suggest as suggest_questions
from rag.evaluate.suggest import to_lines as question_lines
from rag.evaluate.summary import print_summary
from rag.evaluate.vectors import CachedEmbedder

__all__ = [
    "KEPT",
    "MEASURES",
    "OUTCOMES",
    "RATES",
    "TIMES",
    "CachedEmbedder",
    "Comparison",
    "Difference",
    "Draft",
    "EvaluationResult",
    "Gold",
    "Kept",
    "Label",
    "Metrics",
    "Mode",
    "Outcome",
    "Question",
    "QuestionSet",
    "Rate",
    "RetrievalResult",
    "Row",
    "Run",
    "Score",
    "Times",
    "by_kind",
    "compare_results",
    "evaluate",
    "evaluate_retrieval",
    "kept_results",
    "load_beir",
    "load_questions",
    "load_result",
    "outcome_bars",
    "percent",
    "prepared",
    "print_summary",
    "question_lines",
    "rank_columns",
    "rate_of",
    "retrieval_figures",
    "run_evaluation",
    "suggest_questions",
    "times_of",
    "to_json",
    "type_names",
    "worst",
    "write_report",
    "write_retrieval_report",
]
