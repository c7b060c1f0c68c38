"""Errors: one line in the reader's language, and the tree that the module draws is the tree there is."""

from __future__ import annotations

import re

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


def _parent(kind: type) -> str | None:
    return None if kind is YoujuError else kind.__bases__[0].__name__
