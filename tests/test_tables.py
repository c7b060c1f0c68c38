"""Tables in articles: which lines are rows, where their cells end, and what a row says once its header is read with it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_kept import Counting
from test_reflow import check

from rag.answer.cite import check_answer
from rag.answer.claims.check import verify_answer
from rag.answer.claims.verify import verify
from rag.answer.extract import quoted
from rag.answer.find.evidence import pack, rank_sentences
from rag.answer.text.tables import tells_cell
from rag.indexing import window_vectors
from rag.ingest import load_document, split
from rag.ingest import tables as tables_of_ingest
from rag.ingest.lines import Line, split_lines
from rag.ingest.reflow import reflow
from rag.ingest.split import SPLITTER_VERSION
from rag.ingest.tables import table_lines
from rag.pipeline import Youju
from rag.settings import load_settings
from rag.store.embedded import EmbeddedStore, open_store
from rag.types import BlockKind, Document, Evidence, Found, Hit, Passage, Query, Span, Verdict

HEAD, ROW = BlockKind.TABLE_HEAD, BlockKind.TABLE_ROW
Write = Callable[[Sequence[Sequence[str]]], str]


def tabs(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def gaps(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("   ".join(row) for row in rows)


def full_width(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("\u3000\u3000".join(row) for row in rows)


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Each cell below its name."""
    wide = [max(len(row[at]) for row in rows) + 2 for at in range(len(rows[0]))]
    return "\n".join("".join(cell.ljust(wide[at]) for at, cell in enumerate(row)).rstrip() for row in rows)


def bars(rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def open_bars(rows: Sequence[Sequence[str]]) -> str:
    lines = [" | ".join(row) for row in rows]
    return "\n".join([lines[0], " | ".join(["---"] * len(rows[0])), *lines[1:]])


def box(rows: Sequence[Sequence[str]]) -> str:
    rule = "+----" * len(rows[0]) + "+"
    return "\n".join([rule, *(line for row in rows for line in (f"| {' | '.join(row)} |", rule))])


WAYS: list[Write] = [tabs, gaps, full_width, columns, bars, open_bars, box]
DUTY = [["日期", "早", "晚"], ["5月3日", "严", "冯"], ["5月4日", "褚", "卫"]]
HERD = [["村", "牛", "羊"], ["上湾", "41", "306"], ["下湾", "7", "298"]]


def article(folder: Path, text: str) -> Document:
    path = folder / "表.txt"
    path.write_text(text, encoding="utf-8")
    return load_document(path)


def cells(document: Document) -> list[list[str]]:
    """Of the rows of its passages, with the names of their columns first."""
    rows = [row for passage in split(document) for row in passage.rows]
    said = [[document.text[cell.start : cell.end] for cell in row.cells] for row in rows]
    return [[cell.column for cell in rows[0].cells], *said] if rows else []


def reads(document: Document) -> list[str]:
    return [passage.read(span) for passage in split(document) for span in passage.sentences]


@pytest.mark.parametrize("write", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("table", [DUTY, HERD], ids=["words", "numbers"])
def test_a_table_has_the_same_cells_however_it_is_written(tmp_path: Path, write: Write, table: list[list[str]]) -> None:
    source = f"两湾的登记表\n\n{write(table)}\n\n镇里说，数字是年底的。\n"
    check(source, reflow(source))
    document = article(tmp_path, source)
    assert cells(document) == table
    assert document.title == "两湾的登记表"
    label, *values = table[1]
    assert f"{label}：" + "；".join(f"{n} {v}" for n, v in zip(table[0][1:], values, strict=True)) in reads(document)


_LABEL = st.text("东西南北上下里外坞湾岙浦", min_size=2, max_size=4)
_NUMBER = st.integers(-40, 99999).map(str)
_WORD = st.text("柑橘茶桑麻竹", min_size=1, max_size=3)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """A header, then rows with a label and, column by column, numbers or words; one column at least is of numbers."""
    kinds = [_NUMBER, *draw(st.lists(st.sampled_from([_NUMBER, _WORD]), max_size=4))]
    names = draw(
        st.lists(
            st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=3), min_size=len(kinds), max_size=len(kinds), unique=True
        )
    )
    labels = draw(st.lists(_LABEL, min_size=2, max_size=5, unique=True))
    return [["地名", *names], *([label, *(draw(kind) for kind in kinds)] for label in labels)]


@given(tables(), st.sampled_from(WAYS))
@settings(max_examples=150, deadline=None)
def test_any_table(tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], write: Write) -> None:
    source = f"各地一览\n\n{write(table)}\n\n以上数字，由各地报来。\n"
    check(source, reflow(source))
    assert cells(article(tmp_path_factory.getbasetemp(), source)) == table


@given(
    st.lists(st.lists(st.text("男女赵钱1234", min_size=1, max_size=2), min_size=2, max_size=4), min_size=1, max_size=4)
)
def test_cells_between_tabs_never_touch(rows: list[list[str]]) -> None:
    flowed = reflow(tabs(rows))
    for row in rows:
        assert "\t".join(row) in flowed.text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("4 5 6 7 8\n", "4 5 6 7 8"),
        ("早\t晚\n", "早\t晚"),
        ("早  晚\n", "早 晚"),
        ("村  牛  羊\n上湾  4  3\n", "村  牛  羊\n上湾  4  3"),
        ("村 牛 羊\n上湾 4 3\n", "村 牛 羊\n上湾 4 3"),
    ],
)
def test_numbers_and_single_characters_stay_apart(source: str, text: str) -> None:
    assert reflow(source).text == text


def test_what_is_stretched_is_still_put_together() -> None:
    source = "年　度　统　计　公　报\n\n记者　章　禾\n\n全文不长，只说三件事。\n"
    assert reflow(source).text.split("\n")[0] == "年度统计公报"


@pytest.mark.parametrize("gap", ["    ", "\u3000\u3000", "\t"])
@pytest.mark.parametrize("width", [12, 16, 21])
def test_a_page_of_two_columns_is_no_table(gap: str, width: int) -> None:
    """Its lines have a wide gap each, and as many as the lines beside them; but sentences run through them."""
    chance = random.Random(width)
    says = [
        "镇上的茶厂开了新线，",
        "每天能炒三百斤青叶，",
        "师傅们轮着歇，",
        "到谷雨还要再招五个人。",
        "县里来看过两回。",
    ]
    text = "".join(chance.choice(says) for _ in range(80))
    lines = [text[at : at + width] for at in range(0, len(text) - width, width)]
    half = len(lines) // 2
    source = "\n".join(left + gap + right for left, right in zip(lines[:half], lines[half:], strict=False))
    assert not any(block.kind in (HEAD, ROW) for block in reflow(source).blocks)


@pytest.mark.parametrize(
    "source",
    [
        "青山不语　绿水长流\n小城不大　故事很多\n\n本报讯 今天下了雨，街上人少。\n",
        "茶厂今年的产量是 3 百斤，比去\n年多了 2 成，价钱每斤 40 元，也\n比去年贵了 5 元。\n",
        "（章禾　摄）\n",
    ],
)
def test_what_only_looks_like_rows(source: str) -> None:
    assert not any(block.kind in (HEAD, ROW) for block in reflow(source).blocks)


def test_a_table_in_the_middle_of_a_broken_sentence() -> None:
    column = "镇里把去年各村的牛羊数了一遍。\n数目比前年多出不少，有的村多了\n一倍还不止，也有的村少了一些，\n老人们说这与去年的雨水有很大的\n"
    source = f"{column}\n{tabs(HERD)}\n\n关系，今年还要再看一看，等秋天\n再数一遍才算数。\n"
    flowed = reflow(source)
    check(source, flowed)
    assert "很大的关系，今年还要再看一看" in flowed.text
    assert [flowed.text[b.start : b.end] for b in flowed.blocks if b.kind is ROW] == [tabs([row]) for row in HERD[1:]]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("各村耕地（亩）\n\n村\t水田\t旱地\n上湾\t120\t44\n下湾\t95\t30\n", "上湾：水田 120亩；旱地 44亩"),
        ("收成\n单位：吨\n村\t稻\t麦\n上湾\t61\t12\n下湾\t55\t9\n", "上湾：稻 61吨；麦 12吨"),
        ("收成\n年份\t稻（吨）\t增幅(%)\n2021\t61\t3.5\n2022\t55\t-9.8\n", "2022年：稻 55吨；增幅 -9.8%"),
        ("收成（吨）\n村\t稻\t排名\n上湾\t61\t1\n下湾\t55\t2\n", "下湾：稻 55吨；排名 2"),
        ("名册\n序号\t姓名\t岁数\n1\t章禾\t41\n2\t严冬\t39\n", "序号 2；姓名 严冬；岁数 39"),
        ("\t牛\t羊\n上湾\t41\t306\n\t7\t298\n", "牛 7；羊 298"),
        ("村\t牛\t羊\n上湾\t\t306\n下湾\t7\t298\n", "上湾：羊 306"),
        ("项目（万元）\t2021\t2022\n收入\t300\t410\n支出\t280\t395\n", "支出：2021年 280；2022年 395"),
        ("牛羊\n\n村  牛  羊\n\n上湾  41  306\n\n下湾  7  298\n", "下湾：牛 7；羊 298"),
        ("牛羊\r\n\r\n村\t牛\t羊\r\n上湾\t41\t306\r\n\t7\t298\r\n", "牛 7；羊 298"),
        ("桥名\t望湖桥\n造价\t58万元\n工期\t14个月\n", "造价 58万元"),
        ("章禾  严冬  冯春\n褚夏  卫秋  蒋冬\n", "褚夏 卫秋 蒋冬"),
        ("姓名　　职务\n章　禾　　站长\n冯小春　　会计\n", "章禾：职务 站长"),
        ("村\t\t牛\t羊\n上湾里\t41\t306\n下湾\t\t7\t298\n", "上湾里：牛 41；羊 306"),
    ],
)
def test_what_a_row_says(tmp_path: Path, source: str, expected: str) -> None:
    assert expected in reads(article(tmp_path, source))


def test_a_row_of_a_long_table_keeps_its_header(tmp_path: Path) -> None:
    rows = [[f"第{n}村民小组的山林", str(n), str(900 - n)] for n in range(1, 60)]
    document = article(tmp_path, f"山林登记\n\n{tabs([['组', '松', '杉'], *rows])}\n")
    passages = [passage for passage in split(document) if passage.rows]
    assert len(passages) > 2
    assert passages[-1].read(passages[-1].sentences[-1]) == "第59村民小组的山林：松 59；杉 841"
    assert passages[-1].embedded(passages[-1].windows[-1]).startswith("山林登记：第59村民小组")
    for passage in passages:
        assert passage.windows == passage.sentences
        assert "组 松 杉" in passage.heading
        assert document.text[passage.start : passage.end] == passage.text


def test_rows_are_kept_with_their_passages(tmp_path: Path) -> None:
    document = article(tmp_path, f"牛羊\n\n{tabs(HERD)}\n\n镇里说，数字是年底的。\n")
    passages, embedder = list(split(document)), Counting()

    def opened() -> EmbeddedStore:
        return open_store(
            tmp_path / "index",
            embedder_name="counting",
            embedder_fingerprint="1",
            dimension=4,
            splitter_version=SPLITTER_VERSION,
            create=True,
        )

    with opened() as store:
        store.put(document, passages, window_vectors(passages, embedder))
        found = store.search_lexical("上湾 羊", 3)
    (tmp_path / "index" / "caches.json").unlink()  # made again from the library
    with opened() as store:
        assert store.passages([passage.id for passage in passages]) == passages
        assert store.search_lexical("上湾 羊", 3) == found
        assert store.document(document.id).blocks == document.blocks
        store.remove(document.id)


def hits(document: Document) -> list[Hit]:
    return [
        Hit(passage, document.name, document.title, document.date, 1.0, 0.9, 1, 1.0, 1, passage.windows[0])
        for passage in split(document)
    ]


def evidence(document: Document, row: str) -> list[Evidence]:
    """The one row that begins so, as it is cited."""
    return [
        Evidence(1, hit, span.start, span.end, hit.passage.slice(span), hit.passage.embedded(span))
        for hit in hits(document)
        for span in hit.passage.sentences
        if hit.passage.slice(span).lstrip("| ").startswith(row)
    ]


def test_what_the_model_is_shown_of_a_row(tmp_path: Path) -> None:
    document = article(tmp_path, f"牛羊头数（头）\n\n{tabs(HERD)}\n\n镇里说，数字是年底的。\n")
    query, embedder = Query("下湾有多少只羊", "下湾有多少只羊"), Counting()
    found = hits(document)
    windows = [window_vectors([hit.passage], embedder) for hit in found]
    packed = pack(rank_sentences(query, found, embedder.embed_query("x"), windows), query, budget=400, count_tokens=len)
    (row,) = [item for item in packed if item.quote.startswith("下湾")]
    assert row.shown == "牛羊头数（头）：下湾：牛 7头；羊 298头"
    assert row.quote == document.text[row.start : row.end] == "下湾\t7\t298"
    assert quoted(row, query).sentence.text == "下湾：羊 298头"
    assert quoted(row, Query("下湾的情况", "下湾的情况")).sentence.text == "下湾：牛 7头；羊 298头"


HERD_SAYS = [
    ("下湾的羊有298头。", Verdict.SUPPORTED),
    ("下湾有羊298头、牛7头。", Verdict.SUPPORTED),
    ("298头是下湾的羊。", Verdict.SUPPORTED),
    ("下湾的羊有7头。", Verdict.DIFFERS),
    ("下湾有羊7头，牛298头。", Verdict.DIFFERS),
    ("下湾的羊有306头。", Verdict.DIFFERS),
    ("下湾的羊有41头。", Verdict.DIFFERS),
    ("下湾的羊有512头。", Verdict.DIFFERS),
]


@pytest.mark.parametrize("write", [tabs, gaps, bars], ids=lambda way: way.__name__)
@pytest.mark.parametrize(("said", "verdict"), HERD_SAYS)
def test_a_number_must_stand_under_its_column(tmp_path: Path, write: Write, said: str, verdict: Verdict) -> None:
    document = article(tmp_path, f"牛羊头数（头）\n\n{write(HERD)}\n")
    assert verify(said, evidence(document, "下湾"), "下湾的羊有多少头").verdict is verdict
    assert verify_answer(said, [document.text]).verdict is verdict


@pytest.mark.parametrize(
    ("said", "question", "right"),
    [
        ("卫。", "5月4日谁值晚班", True),
        ("5月4日晚班由卫值班。", "5月4日谁值晚班", True),
        ("褚。", "5月4日谁值晚班", False),
        ("5月4日晚班由褚值班。", "5月4日谁值晚班", False),
        ("5月4日早班是褚，晚班是卫。", "5月4日谁值班", True),
        ("5月4日早班是卫，晚班是褚。", "5月4日谁值班", False),
        ("冯。", "5月4日谁值晚班", False),
    ],
)
def test_a_word_must_stand_under_its_column(tmp_path: Path, said: str, question: str, right: bool) -> None:
    document = article(tmp_path, f"值班表\n\n{tabs(DUTY)}\n")
    verdict = verify(said, evidence(document, "5月4日"), question).verdict
    assert (verdict is Verdict.SUPPORTED) == right, verdict


def test_what_a_column_is_called_may_be_said_otherwise(tmp_path: Path) -> None:
    table = [["线路", "首班车", "末班车", "票价"], ["7路", "5:50", "22:10", "2元"], ["17路", "6:20", "21:30", "4元"]]
    item = evidence(article(tmp_path, f"公交时刻\n\n{bars(table)}\n"), "17路")
    for said, question, verdict in (
        ("17路的末班是21:30。", "17路最后一班几点", Verdict.SUPPORTED),
        ("17路的末班是6:20。", "17路最后一班几点", Verdict.DIFFERS),
        ("17路的末班是22:10。", "17路最后一班几点", Verdict.DIFFERS),
        ("票价是4元。", "17路票价多少", Verdict.SUPPORTED),
        ("票价是2元。", "17路票价多少", Verdict.DIFFERS),
    ):
        assert verify(said, item, question).verdict is verdict, said


def test_a_word_for_word_passage_of_prose_is_as_it_was() -> None:
    """Without rows, what is read, embedded and quoted is the text itself."""
    passage = Passage("d:0", "d", 0, 10, 16, "茶厂很忙。歇", "题", "", (Span(10, 15),), (Span(10, 15),))
    assert passage.read(Span(10, 15)) == passage.embedded(Span(10, 15)) == passage.slice(Span(10, 15)) == "茶厂很忙。"
    assert replace(passage, rows=()).rows == ()
    assert not re.search("：", passage.embedded(Span(10, 15)))


def test_a_value_of_another_row_is_not_borne_out_by_this_one(tmp_path: Path) -> None:
    table = [["线路", "首班车", "末班车"], ["7路", "5:50", "22:10"], ["17路", "6:20", "21:30"]]
    document = article(tmp_path, f"公交时刻\n\n{bars(table)}\n")
    seven, seventeen = evidence(document, "7路")[0], evidence(document, "17路")[0]
    assert verify("22:10。", [seventeen], "7路末班车几点").verdict is Verdict.NOT_FOUND
    (checked,) = check_answer("22:10[2]。", [seven, replace(seventeen, marker=2)], "7路末班车几点", None)
    assert (checked.sentence.verdict, checked.sentence.markers) == (Verdict.SUPPORTED, (1,))


@pytest.mark.parametrize(
    ("question", "tells"),
    [
        ("5月4日晚班是谁", True),
        ("两湾渡口5月4日晚班由谁值班", True),
        ("5月4日谁值班", False),
        ("5月7日晚班是谁", False),
        ("5月4日晚班的电话是多少", False),
    ],
)
def test_a_row_answers_plainly_where_row_and_column_are_named_and_nothing_else(
    tmp_path: Path, question: str, tells: bool
) -> None:
    document = article(tmp_path, f"两湾渡口值班表\n\n{tabs(DUTY)}\n")
    assert tells_cell(evidence(document, "5月4日")[0], question) == tells


def test_a_long_page_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines with as many gaps as their neighbours that are no table are not tried again from each of them."""
    calls = 0
    prose = tables_of_ingest._few_clauses

    def counted(run: Sequence[Line]) -> bool:
        nonlocal calls
        calls += len(run)
        return prose(run)

    monkeypatch.setattr(tables_of_ingest, "_few_clauses", counted)
    lines = split_lines(
        "\n".join(f"茶厂今年开了新线，一天能炒{n}斤    师傅们轮着歇，到谷雨还要招人" for n in range(400))
    )
    assert table_lines(lines) == {}
    assert calls <= 2 * len(lines)


def test_what_stands_above_may_end_in_a_colon(tmp_path: Path) -> None:
    document = article(tmp_path, f"牛羊\n\n镇里说，两湾的牛羊如下：\n{tabs(HERD)}\n")
    (passage,) = [passage for passage in split(document) if passage.rows]
    assert passage.embedded(passage.windows[0]) == "镇里说，两湾的牛羊如下：上湾：牛 41；羊 306"


def test_the_whole_way_of_a_row(tmp_path: Path) -> None:
    """From the file through the index to what a question finds: read with its header, quoted as it stands in the file."""
    document = article(tmp_path, f"牛羊头数（头）\n\n{gaps(HERD)}\n\n镇里说，数字是年底的。\n")
    embedder = Counting()
    index = open_store(
        tmp_path / "index",
        embedder_name=embedder.name,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        splitter_version=SPLITTER_VERSION,
        create=True,
    )
    with Youju(
        load_settings({"index": tmp_path / "index", "llm.provider": "none"}, environ={}), index, embedder, None
    ) as youju:
        youju.add([Path(document.path)])
        (found,) = [event for event in youju.stream("下湾有多少头羊") if isinstance(event, Found)]
        (row,) = [item for item in found.evidence if item.quote.startswith("下湾")]
        assert row.shown == "牛羊头数（头）：下湾：牛 7头；羊 298头"
        there = youju.document(document.id)
        given = there.source_span(row.start, row.end)
        assert there.text[row.start : row.end] == row.quote
        assert there.source[given.start : given.end] == gaps([HERD[2]])
