"""Loops are cut where they begin, and tables read as sentences."""

from __future__ import annotations

import pytest

from rag.answer.text.shape import loop, rows_as_sentences


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("扬州项目投资150亿元、" * 9, "扬州项目投资150亿元、"),
        (
            "投资额：甲项目30亿元；" + "乙项目150亿元；丙项目8亿元；" * 5,
            "投资额：甲项目30亿元；乙项目150亿元；丙项目8亿元；",
        ),
        ("\n".join(f"{n}. 南湖产业园[{n}]" for n in range(1, 8)) + "\n", "1. 南湖产业园[1]\n"),
    ],
)
def test_a_loop_is_cut_where_it_begins(text: str, kept: str) -> None:
    end = loop(text)
    assert end is not None and text[:end] == kept


@pytest.mark.parametrize(
    "text",
    [
        "苏州、南京、无锡、南通、常州。",
        "扬州150亿元[1]，盐城150亿元[2]，徐州150亿元[3]，泰州150亿元[4]。",
        "1月8万辆；2月8万辆；3月9万辆；4月9万辆。",
        "",
    ],
)
def test_what_repeats_a_little_is_no_loop(text: str) -> None:
    assert loop(text) is None


def test_a_table_becomes_sentences() -> None:
    table = "比较如下：\n| 城市 | 目标 | 依据 |\n|---|:---:|---|\n| 扬州 | 9000亿元 | [1] |\n| 盐城 | 1万亿元 | [2] |\n以上。"
    assert rows_as_sentences(table) == "比较如下：\n扬州，9000亿元[1]。\n盐城，1万亿元[2]。\n以上。"
    assert rows_as_sentences("甲|乙") == "甲|乙"
