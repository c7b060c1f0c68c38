"""``youju verify``: check answers that anybody wrote against their evidence. No index and no model is opened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from rag.cli import show as screen
from rag.cli.ask import parse_day
from rag.cli.language import speaker
from rag.cli.root import JsonOption, app, settings
from rag.errors import QuestionError, YoujuError
from rag.types import Verdict

if TYPE_CHECKING:
    from rag.answer.claims.check import CheckedAnswer

_MARKS = {Verdict.SUPPORTED: ("✓", "green"), Verdict.DIFFERS: ("≠", "red"), Verdict.NOT_FOUND: ("?", "yellow")}
_VERDICTS = {
    Verdict.SUPPORTED: ("有据", "supported"),
    Verdict.DIFFERS: ("不符", "differs"),
    Verdict.NOT_FOUND: ("找不到", "not found"),
}


@app.command("verify")
def verify(
    more: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", help="更多证据文件 (more evidence)")] = None,
    answer: Annotated[str | None, typer.Option("--answer", metavar="TEXT", help="要核对的回答 (the answer)")] = None,
    evidence: Annotated[
        list[Path] | None,
        typer.Option("--evidence", metavar="FILE", help="证据，可多个；第 n 个就是 [n] (evidence files)"),
    ] = None,
    day: Annotated[
        str | None,
        typer.Option("--date", metavar="YYYY-MM-DD", help="证据的日期，默认由文件自己说 (date of the evidence)"),
    ] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", metavar="IN.jsonl", help="一行一个回答和它的证据 (an answer a line)")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="OUT.jsonl", help="结论写到哪里 (where verdicts go)")
    ] = None,
    json_: JsonOption = False,
) -> None:
    """逐句核对一个回答：有据、不符，还是找不到。 Check every sentence of an answer against its evidence."""
    language = settings().language
    say = speaker(language)
    files = [*(evidence or []), *(more or [])]
    if (answer is None) == (batch is None):
        raise typer.BadParameter(say("给 --answer 或者 --batch", "give --answer or --batch"))
    if answer is not None and not files:
        raise typer.BadParameter(say("--answer 要有 --evidence", "--answer needs --evidence"))
    if (batch is None) != (out is None) or (batch is not None and (files or day)):
        raise typer.BadParameter(say("--batch 只和 --out 一起用", "--batch goes with --out alone"))
    if batch is not None and out is not None:
        _run_batch(batch, out, language)
        return
    assert answer is not None
    checked = _check_files(answer, files, parse_day(day, "--date"))
    if json_:
        typer.echo(json.dumps(checked_json(checked), ensure_ascii=False))
    else:
        _print(checked, language)


def checked_json(checked: CheckedAnswer) -> dict[str, Any]:
    """The keys that ``verify`` adds to a row."""
    return {
        "verdict": checked.verdict.value,
        "sentences": [
            {
                "text": sentence.text,
                "markers": list(sentence.markers),
                "verdict": sentence.verdict.value,
                "shared": sentence.shared,
                "claims": [
                    {"kind": c.kind, "claimed": c.claimed, "found": c.found, "verdict": c.verdict.value}
                    for c in sentence.claims
                ],
            }
            for sentence in checked.sentences
        ],
    }


def _check_files(answer: str, files: list[Path], day: date | None) -> CheckedAnswer:
    from rag.answer.claims.check import document_source, verify_sources
    from rag.ingest import load_document

    return verify_sources(answer, [document_source(load_document(path), day) for path in files])


def _print(checked: CheckedAnswer, language: str) -> None:
    for sentence in checked.sentences:
        mark, colour = _MARKS[sentence.verdict]
        screen.out.print(Text(f"{mark} {sentence.text}", style=colour), soft_wrap=True)
        for claim in sentence.claims:
            if claim.verdict is Verdict.DIFFERS:
                screen.out.print(Text(f"    {claim.claimed} ≠ {claim.found}", style="dim"), soft_wrap=True)
            elif claim.verdict is Verdict.NOT_FOUND:
                screen.out.print(Text(f"    {claim.claimed} ?", style="dim"), soft_wrap=True)
    screen.out.print(speaker(language)(*_VERDICTS[checked.verdict]))


def _run_batch(batch: Path, out: Path, language: str) -> None:
    """Each row comes back with its verdict; a bad one with ``error``, which never costs the others theirs."""
    from rag.answer.claims.check import verify_answer

    if out.exists() and batch.exists() and out.samefile(batch):
        raise QuestionError(
            ("--out 会盖掉 --batch 的文件", "--out would overwrite the file of --batch"), subject=str(out)
        )
    rows = list(_rows(batch))
    try:
        target = out.open("w", encoding="utf-8")
    except OSError as error:
        raise _cannot(out, "写", "written", error) from None
    bad: list[YoujuError] = []
    with target:
        for number, raw in rows:
            row: dict[str, Any] = {}
            try:
                row, evidence, day = _row(raw, f"{batch}:{number}")
                row |= checked_json(verify_answer(row["answer"], evidence, date=day))
            except _BadRow as error:
                bad.append(error.reason)
                row = error.row | {"line": number, "error": error.reason.text(language)}
            target.write(json.dumps(row, ensure_ascii=False) + "\n")
    if bad:
        more = len(bad) - 1
        raise QuestionError(
            (
                bad[0].text("zh") + (f"（另有 {more} 行不对，见各行的 error）" if more else ""),
                bad[0].text("en") + (f" ({more} more bad rows; see their error)" if more else ""),
            )
        )


class _BadRow(Exception):
    def __init__(self, row: dict[str, Any], reason: QuestionError) -> None:
        super().__init__(reason)
        self.row, self.reason = row, reason


def _rows(batch: Path) -> Iterator[tuple[int, bytes]]:
    try:
        content = batch.read_bytes()
    except OSError as error:
        raise _cannot(batch, "读", "read", error) from None
    for number, raw in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if raw.strip():
            yield number, raw


def _row(raw: bytes, where: str) -> tuple[dict[str, Any], list[str], date | None]:
    """A row, its evidence and its date. Raises _BadRow."""
    row: Any = None
    try:
        row = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        what = ("不是 UTF-8", "not UTF-8")
    except (json.JSONDecodeError, RecursionError) as error:
        reason = getattr(error, "msg", "too deep")
        what = (f"不是 JSON：{reason}", f"not JSON: {reason}")
    else:
        if not isinstance(row, dict):
            what = ("要是一个 JSON 对象", "must be a JSON object")
        elif not isinstance(row.get("answer"), str):
            what = ("缺少 answer（字符串）", "lacks an answer (a string)")
        elif not isinstance(row.get("evidence"), list) or not all(isinstance(e, str) for e in row["evidence"]):
            what = ("evidence 要是字符串的列表", "evidence must be a list of strings")
        elif row.get("date") is not None and not isinstance(row["date"], str):
            what = ("date 要是字符串", "date must be a string")
        else:
            try:
                return row, row["evidence"], parse_day(row.get("date"), where)
            except QuestionError as error:
                raise _BadRow(row, error) from None
    raise _BadRow(row if isinstance(row, dict) else {}, QuestionError(what, subject=where))


def _cannot(path: Path, verb: str, done: str, error: OSError) -> QuestionError:
    return QuestionError((f"{verb}不了（{error.strerror}）", f"cannot be {done} ({error.strerror})"), subject=str(path))
