"""Errors: one line in the reader's language, and the tree that the module draws is the tree there is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import errors
from rag.errors import NotText, StoreError, YoujuError


@pytest.mark.parametrize(
    ("subject", "advice", "chinese", "english"),
    [
        (
            "a.txt",
            ("换成文本文件。", "Give a text file."),
            "a.txt：不是文本。换成文本文件。",
            "a.txt: not text. Give a text file.",
        ),
        ("a.txt", ("", ""), "a.txt：不是文本", "a.txt: not text"),
        ("", ("换成文本文件。", "Give a text file."), "不是文本。换成文本文件。", "not text. Give a text file."),
        ("", ("", ""), "不是文本", "not text"),
    ],
)
def test_the_line_in_both_languages(subject: str, advice: tuple[str, str], chinese: str, english: str) -> None:
    error = NotText(("不是文本", "not text"), subject=subject, advice=advice)
    assert (error.text("zh"), error.text("en")) == (chinese, english)
    assert error.text() == chinese
    assert str(error) == english  # in a traceback, which no reader of Chinese articles is shown
    assert (error.what, error.subject, error.advice) == (("不是文本", "not text"), subject, advice)


def test_an_error_is_caught_by_its_family() -> None:
    with pytest.raises(StoreError):
        raise errors.IndexReadOnly(("写不了", "cannot be written"), subject="index")
    assert not issubclass(StoreError, OSError)


def test_the_tree_drawn_is_the_tree_there_is() -> None:
    """Read the drawing in the module's docstring: the depth of a name is where it stands."""
    drawn: dict[str, str | None] = {}
    above: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        entry = re.match(r"    ([│├└─ ]*)(\w+)(?:  .*)?$", line)
        if entry is None:
            continue
        depth, name = len(entry[1]), entry[2]
        while above and above[-1][0] >= depth:
            above.pop()
        drawn[name] = above[-1][1] if above else None
        above.append((depth, name))
    real = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type)}
    assert drawn == {name: _parent(kind) for name, kind in real.items()}
    assert set(errors.__all__) == set(real)


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_says_what_it_is_for(name: str) -> None:
    assert getattr(errors, name).__doc__


CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def phrases(source: str) -> Iterator[tuple[int, str, str]]:
    """Line, Chinese and English of every pair written out for an error or for the terminal's ``say``."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        pairs: list[list[ast.expr]] = []
        if call.func.id == "say" and len(call.args) == 2:
            pairs = [call.args]
        elif call.func.id in errors.__all__:
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            pairs = [one.elts for one in given if isinstance(one, ast.Tuple) and len(one.elts) == 2]
        for zh, en in pairs:
            if not any(isinstance(one, ast.Name | ast.Attribute) for one in (zh, en)):  # written elsewhere
                yield call.lineno, _written(zh), _written(en)


def in_both(zh: str, en: str) -> bool:
    return bool(CHINESE.search(zh)) and bool(en) and not CHINESE.search(en)


def _written(expression: ast.expr) -> str:
    parts = [n.value for n in ast.walk(expression) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return "".join(parts)


def test_every_phrase_stands_there_in_both_languages() -> None:
    package = Path(errors.__file__).parent
    found = [
        (f"{path.name}:{line}", zh, en)
        for path in sorted(package.rglob("*.py"))
        if not path.is_relative_to(package / "answer")  # raises nothing, and has a ``say`` of its own
        for line, zh, en in phrases(path.read_text(encoding="utf-8"))
        if zh or en
    ]
    assert len({where.partition(":")[0] for where, _, _ in found}) > 20  # they are really read
    assert [where for where, zh, en in found if not in_both(zh, en)] == []


@pytest.mark.parametrize(
    "wrong", ['("no text", "no text")', '("没有字", "没有字")', '("没有字", "")', '("无", "none：x")']
)
def test_a_phrase_in_one_language_is_seen(wrong: str) -> None:
    for source in (f"raise NotText({wrong})", f"raise NotText(what, advice={wrong})", f"say{wrong}"):
        ((_, zh, en),) = phrases(source)
        assert not in_both(zh, en)


def _parent(kind: type) -> str | None:
    return None if kind is YoujuError else kind.__bases__[0].__name__
