"""The result as files: JSON for programs, HTML for readers, Markdown for the repository."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from rag.errors import EvaluationError
from rag.evaluate.charts import outcome_bars, rank_columns, time_strips
from rag.evaluate.labels import (
    OUTCOMES,
    RATES,
    TIMES,
    columns,
    interval,
    percent,
    rate_of,
    seconds,
    times_of,
    type_names,
)
from rag.evaluate.plain import plain
from rag.evaluate.result import EvaluationResult, Row
from rag.evaluate.spans import to_spans

WORST_IN_HTML, WORST_IN_MARKDOWN = 20, 10  # rows


def prepared(folder: Path, name: str) -> Path:
    """The folder of a report, made before the hours it takes to fill it. Raises EvaluationError."""
    if not name.strip() or Path(name).name != name:
        raise EvaluationError(
            ("报告名应是普通文件名，不带目录", "the name of a report is a plain file name, without folders"),
            subject=name,
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f"{name}.partial"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise _unwritable(folder, error) from None
    return folder


def write_report(result: EvaluationResult, folder: Path, *, whole: bool = False) -> tuple[Path, Path, Path]:
    """Write ``<name>.json``, ``<name>.html`` and ``<name>.md``; a file is replaced whole or not at all.

    The JSON is that of ``to_spans``, a row a line; ``whole``: that of ``to_json``, with every word, many times as large.
    Raises EvaluationError where one cannot be written.
    """
    texts = {
        "json": _dump(to_json(result)) if whole else _lines(to_spans(result)),
        "html": render_html(result),
        "md": render_markdown(result),
    }
    paths = []
    for ending, text in texts.items():
        path = folder / f"{result.name}.{ending}"
        partial = path.with_name(f"{path.name}.partial")
        try:
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)
        except OSError as error:
            raise _unwritable(path, error) from None
        paths.append(path)
    return paths[0], paths[1], paths[2]


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _lines(spans: dict[str, Any]) -> str:
    """So that a change of one question is a change of one line."""
    head = json.dumps({key: value for key, value in spans.items() if key != "rows"}, ensure_ascii=False)
    rows = ",\n".join(_dump(row).rstrip() for row in spans["rows"])
    return f'{head[:-1]}, "rows": [\n{rows}\n]}}\n'


def to_json(result: EvaluationResult) -> dict[str, Any]:
    """Everything, as JSON types. The passages found stand once, by id, under ``passages_found``; the hits of a row
    name them. Their sentence and window spans are left out: the index makes them again.
    """
    whole: dict[str, Any] = plain(result)
    found = {hit.passage.id: hit.passage for row in result.rows for hit in row.hits}
    return {**whole, "rows": [_row(row) for row in result.rows], "passages_found": plain(found)}


def render_html(result: EvaluationResult) -> str:
    """One page with its styles and charts inside: no script, nothing fetched."""
    return (
        environment(autoescape=True)
        .get_template("report.html.j2")
        .render(
            result=result,
            worst=result.worst(),
            most=WORST_IN_HTML,
            strips=time_strips(result),
            outcomes=outcome_bars(result),
            ranks=rank_columns(result),
        )
    )


def render_markdown(result: EvaluationResult) -> str:
    return (
        environment(autoescape=False)
        .get_template("summary.md.j2")
        .render(result=result, worst=result.worst(), most=WORST_IN_MARKDOWN)
    )


def environment(*, autoescape: bool) -> Environment:
    """Of the templates: undefined names are errors; ``autoescape`` for HTML."""
    made = Environment(
        loader=PackageLoader("rag.evaluate"),
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"percent": percent, "interval": interval, "seconds": seconds, "cell": _cell}
    made.globals |= {
        "RATES": RATES,
        "TIMES": TIMES,
        "OUTCOMES": OUTCOMES,
        "type_names": type_names,
        "columns": columns,
        "rate_of": rate_of,
        "times_of": times_of,
    }
    return made


def _cell(text: str) -> str:
    """Text that stays within one cell of a Markdown table."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _row(row: Row) -> dict[str, Any]:
    made: dict[str, Any] = plain(row)
    if made["answer"]:
        del made["answer"]["hits"]  # the row has them
    for hit in made["hits"]:
        hit["passage"] = hit["passage"]["id"]
    made["evidence"] = [
        {"marker": e.marker, "passage": e.hit.passage.id, "start": e.start, "end": e.end, "quote": e.quote}
        for e in row.evidence
    ]
    return made


def _unwritable(path: Path, error: OSError) -> EvaluationError:
    return EvaluationError(
        (f"写不了评测报告（{error.strerror}）", f"cannot write the evaluation report ({error.strerror})"),
        subject=str(path),
    )
