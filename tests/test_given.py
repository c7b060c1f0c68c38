"""What is said of an article beside its text, and that its own words keep their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.ingest import load_document, split
from rag.ingest.given import front_matter, parse_date, problems
from rag.ingest.reasons import explain

BODY = "扬州召开大会。\n大会主题确定为高质量发展，全市的项目都要按时开工，各县区的负责人参加了大会。\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_block_at_the_head_is_read_and_not_searched(tmp_path: Path) -> None:
    head = '---\r\ntitle: "新春第一会"\r\ndate: 2024-02-19\r\nsource: 扬州日报\r\nlayout: post\r\n---\r\n'
    document = load_document(write(tmp_path, "2020-01-01.txt", head + BODY))
    assert document.title == "新春第一会" and str(document.date) == "2024-02-19"
    assert document.date is not None and "2024-02-19" in document.date.reason
    assert "2024-02-19" in explain(document.date, "en") and explain(document.date, "en").isascii() is False
    assert "layout" not in document.text and "扬州日报" not in document.text
    assert document.source.startswith("---")
    # every character still knows where it stands in the file as given
    assert all(
        document.source[document.source_offset(i)] == char for i, char in enumerate(document.text) if char != "\n"
    )
    for passage in split(document):
        for span in passage.sentences:
            where = document.source_span(*span)
            assert "".join(document.source[slice(*where)].split()) == "".join(passage.slice(span).split())


def test_lines_at_the_head_count_like_a_block(tmp_path: Path) -> None:
    document = load_document(write(tmp_path, "a.txt", f"标题：新春第一会\n发布时间：2024-02-19 10:20\n{BODY}"))
    assert document.title == "新春第一会" and str(document.date) == "2024-02-19"
    assert document.text.startswith("扬州召开大会")


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        "---\n" + BODY,  # a rule, no block
        "---\n这是一段话。\n---\n" + BODY,  # nothing said in it
        "来源：扬州日报\n" + BODY,
        "---\ntitle: 只有标题\n---\n",  # no article behind it
        "日期：昨天\n" + BODY,
    ],
)
def test_a_head_that_is_text(text: str) -> None:
    assert front_matter(text).body == 0


def test_a_block_ends_where_it_says() -> None:
    text = "---\ndate: 2024-02-19\n---\n正文。\n---\n又一段。"
    assert text[front_matter(text).body :] == "正文。\n---\n又一段。"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-03-01", "2024-03-01 day"),
        ("2024年3月1日 10:20", "2024-03-01 day"),
        ("2024/3/1T08:00:00+08:00", "2024-03-01 day"),
        ("20240301", "2024-03-01 day"),
        ("2024-03", "2024-03-01 month"),
        ("2024年3月", "2024-03-01 month"),
        (2024, "2024-01-01 year"),
        ("2024年", "2024-01-01 year"),
    ],
)
def test_dates_that_are_given(value: object, expected: str) -> None:
    found = parse_date(value)
    assert found is not None and f"{found[0]} {found[1]}" == expected


@pytest.mark.parametrize("value", ["昨天", "2024-13-01", "2023-02-29", "", True, 3.5, None, "12", "第2024号"])
def test_what_is_no_date(value: object) -> None:
    assert parse_date(value) is None


def test_the_sidecar_wins_and_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = write(tmp_path, "2020-01-01 页.txt", "---\ntitle: 头\ndate: 2021-01-01\n---\n" + BODY)
    sidecar = write(tmp_path, "metadata.toml", '["2020-01-01 页.txt"]\ndate = 2024-03-01\nsource = "新华日报"\n')
    document = load_document(path)
    assert str(document.date) == "2024-03-01" and document.title == "头"
    sidecar.write_text('["2020-01-01 页.txt"]\ndate = "2024年4月"\ntitle = "新的标题"\n', encoding="utf-8")
    document = load_document(path)
    assert str(document.date) == "2024-04" and document.title == "新的标题"
    assert document.date is not None and explain(document.date, "en") == "metadata.toml says “2024年4月”"
    assert problems([path]) == []


def test_names_without_quotes(tmp_path: Path) -> None:
    path = write(tmp_path, "page.txt", BODY)
    write(tmp_path, "metadata.toml", "[page.txt]\ndate = 2024-03-01\n")
    assert str(load_document(path).date) == "2024-03-01"


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('["a.txt"]\ndate = "昨天"\ntitle = "好标题"\n', "[a.txt] date"),
        ('["a.txt"]\ndates = 2024-03-01\ntitle = "好标题"\n', "[a.txt] dates"),
        ('["a.txt"]\nsource = 5\ntitle = "好标题"\n', "[a.txt] source"),
        ('"a.txt" = 3\n', "[a.txt]"),
        ("[a.txt\n", "metadata.toml"),
    ],
)
def test_a_bad_sidecar_is_told_and_the_article_read(tmp_path: Path, toml: str, said: str) -> None:
    path, other = write(tmp_path, "a.txt", BODY), write(tmp_path, "b.txt", BODY)
    write(tmp_path, "metadata.toml", toml)
    document = load_document(path)
    assert document.text.startswith("扬州召开大会") and document.date is None
    assert (document.title == "好标题") == ("好标题" in toml)  # what is right is used
    found = problems([path, other])
    assert len(found) == 1
    assert said in found[0].subject and str(tmp_path / "metadata.toml") in found[0].subject
    assert all(found[0].what) and all(found[0].advice)
