"""Markdown is read as its reader sees it, and struck-out words do not hold; every character keeps its place in the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.ingest import load_document, split
from rag.ingest.markup import view
from rag.types import BlockKind, Document

ARTICLE = """---
layout: post
title: 港口扩建记
date: 2024-03-01
---

# 龙口港**扩建**

> 编者按：本文写于三月。

龙口港今年扩建泊位*六个*，见[公报](http://a.example/b_(c).html "题")[^1]。工程由`省港口集团`建设。<!-- 先别发 -->

## 一、泊位

- 一号泊位长 300 米
- [x] 二号泊位的尺寸是 3*4*5 米
1. 先清淤
2. 再打桩

![效果图](x.png)

| 泊位 | 吨位 |
|---|---:|
| **一号** | 3万吨 |
| 二号 | 5万吨 |

吊机多少台
------

file_name 里写的是\\*八台\\*，其中 ***两台*** 是新的。<br/>
<span style="color:red">全部</span>国产，见 <https://b.example/c>。

```
a = ~~x~~ * 2
```

[1]: http://a.example
[^1]: 公报共八页。
"""


def read(folder: Path, text: str, name: str = "a.md") -> Document:
    (folder / name).write_text(text, encoding="utf-8", newline="")
    return exact(load_document(folder / name))


def exact(document: Document) -> Document:
    """Each character of the text is one of the file; a line break may stand as a space."""
    for at, char in enumerate(document.text):
        there = document.source[document.source_offset(at)]
        assert there == char or (char in " \n" and there in "\r\n"), (at, char, there)
    return document


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_marks_are_left_out_and_words_kept(tmp_path: Path, ending: str) -> None:
    document = read(tmp_path, ARTICLE.replace("\n", ending))
    assert document.title == "港口扩建记" and str(document.date) == "2024-03-01"
    for words in (
        "龙口港扩建\n编者按：本文写于三月。\n",
        "龙口港今年扩建泊位六个，见公报。工程由省港口集团建设。\n一、泊位\n",
        "3*4*5米\n1. 先清淤\n2. 再打桩\n",
        "file_name",
        "*八台*，其中两台是新的。",
        "全部国产，见https://b.example/c",
        "a = ~~x~~ * 2",
        "公报共八页。",
    ):
        assert words.replace(" ", "") in document.text.replace(" ", ""), words
    for mark in (
        "**",
        "layout",
        "编者按：本文写于三月。>",
        "](",
        "别发",
        "效果图",
        "x.png",
        "span",
        "[^",
        "```",
        "#",
        "a.example",
    ):
        assert mark not in document.text, mark
    kinds = {document.text[start:end]: kind for kind, start, end in document.blocks}
    assert kinds["龙口港扩建"] is BlockKind.TITLE
    assert kinds["一、泊位"] is kinds["吊机多少台"] is BlockKind.HEADING
    assert kinds["1. 先清淤"] is kinds["2. 再打桩"] is BlockKind.BODY
    assert {"一号泊位", "二号"} <= {text[:4] for text in kinds} | {text[2:4] for text in kinds}
    passages = split(document)
    assert any(passage.heading == "一、泊位" and "一号泊位" in passage.text for passage in passages)
    rows = [passage.read(span) for passage in passages for span in passage.sentences if "万吨" in passage.slice(span)]
    assert rows == ["一号：吨位 3万吨", "二号：吨位 5万吨"], "a table keeps its columns"


def test_the_first_heading_is_the_title_where_nothing_else_says_one(tmp_path: Path) -> None:
    assert read(tmp_path, "# 龙口港扩建了吗？\n\n龙口港今年扩建泊位六个。\n").title == "龙口港扩建了吗？"
    assert read(tmp_path, "龙口港扩建\n===\n\n龙口港今年扩建泊位六个。\n").title == "龙口港扩建"
    assert read(tmp_path, "#龙口港扩建\n\n## 一\n\n龙口港今年扩建泊位六个。\n").title == "龙口港扩建"


@pytest.mark.parametrize(
    "seed", sorted((Path(__file__).parents[1] / "seeds").iterdir()), ids=lambda path: path.stem[:8]
)
def test_a_page_without_marks_reads_as_in_txt(tmp_path: Path, seed: Path) -> None:
    (tmp_path / "a.md").write_bytes(seed.read_bytes())
    (tmp_path / "a.txt").write_bytes(seed.read_bytes())
    plain, marked = load_document(tmp_path / "a.txt"), exact(load_document(tmp_path / "a.md"))
    assert (marked.text, marked.blocks, marked.title, marked.date) == (
        plain.text,
        plain.blocks,
        plain.title,
        plain.date,
    )


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.markdown"])
@pytest.mark.parametrize(
    ("struck", "left"),
    [
        ("渡船票价~~30元~~25元。", "渡船票价25元。"),
        ("渡船票价：~~30元~~\n今年起是25元，天天开船。", "今年起是25元，天天开船。"),
        ("镇长是~~张远~~李宁，去年上任。", "镇长是李宁，去年上任。"),
        ("票价<del>30元</del>25元，票价<s>三十元</s>二十五元。", "票价25元，票价二十五元。"),
        ('票价<del datetime="2024-01-01">30元</del>改为25元。', "票价改为25元。"),
        ("票价3\u03360\u0336元\u033625元。", "票价25元。"),
    ],
)
def test_what_is_struck_out_does_not_hold(tmp_path: Path, name: str, struck: str, left: str) -> None:
    document = read(tmp_path, f"{struck}\n", name)
    assert (
        left in document.text
        and "30" not in document.text
        and "张远" not in document.text
        and "三十" not in document.text
    )
    assert struck in document.source


@pytest.mark.parametrize(
    "text",
    [
        "再见~~\n\n天气很好~~",
        "好~~~~啊",
        "深度约~30米~左右",
        "3 ~~ 5 天，5 ~~ 7 人",
        "路径 a~b~~c",
        "x < del > y",
        "<span>票价</span>",
    ],
)
def test_what_is_not_struck_out_stays(text: str) -> None:
    seen = view(text, 0, markdown=False)
    assert seen.text == text


def test_a_file_of_nothing_but_marks_has_no_words(tmp_path: Path) -> None:
    assert read(tmp_path, "![图](a.png)\n\n<!-- 无 -->\n\n---\n").text == ""


MARKS = "** * _ ~~ ` # ## - 1. > [ ]( ) ![ ]: [^1] | --- === ``` <del> </del> <!-- --> <b> \\ &nbsp;".split()
PIECES = st.lists(
    st.sampled_from([*MARKS, "\n", "\n\n", "\r\n", " ", "泊位", "3", "万吨。", "a b", "，", "\u0336"]), max_size=40
)


@settings(max_examples=150, deadline=None)
@given(PIECES, st.booleans())
def test_every_character_keeps_its_place(pieces: list[str], markdown: bool) -> None:
    source = "".join(pieces)
    seen = view(source, 0, markdown=markdown)
    assert "".join(source[run.source : run.source + run.length] for run in seen.runs) == seen.text
    assert [run.text for run in seen.runs] == [sum(r.length for r in seen.runs[:n]) for n in range(len(seen.runs))]
    low = [run.source for run in seen.runs]
    assert low == sorted(low), "nothing changes places"
