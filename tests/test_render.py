"""What the window shows: nothing from outside is ever read as HTML, and what is marked is exactly the quote."""

from __future__ import annotations

import inspect
import re
from copy import deepcopy
from dataclasses import fields, replace
from datetime import date, datetime
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest
from fakes import BRIDGE, HOSTILE, REMOTE_IMAGE, TREE, TinyYouju, passages, ran
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import notes
from rag.errors import ModelCallFailed
from rag.evaluate import RATES, Gold, Kept, Outcome, Question, QuestionSet, Rate, Run, load_questions
from rag.ingest.reasons import because
from rag.settings import Settings, with_changes
from rag.store.base import Filters
from rag.store.notes import Judgement
from rag.types import (
    AnswerSentence,
    ArticleDate,
    Claim,
    DocumentInfo,
    Finished,
    IndexReport,
    Progress,
    Span,
    Timings,
    Turn,
    Verdict,
    Wrote,
)
from rag.ui import (
    article,
    cards,
    evaluation_view,
    export,
    front,
    library_view,
    render,
    result_view,
    saved,
    scope,
    search_view,
    settings_view,
    suggest,
)
from rag.ui.chat import ChatTab
from rag.ui.conversation import Conversation, Exchange, Place, follow, place
from rag.ui.jobs import Batch
from rag.ui.library import read_date
from rag.ui.reembed import Change
from rag.ui.session import Bench, Said, Session, Shelf, Sought
from rag.ui.texts import EN, EXAMPLES, ZH, Texts, texts
from rag.ui.uploads import Settled, Twin

ALLOWED = set(
    "article aside section header div p span h1 h2 h3 h4 ul ol li i b u a q details summary mark time button form input "
    "label fieldset legend textarea select option table thead tbody tr th td pre progress small strong html head body meta title style".split()
)


class Page(HTMLParser):
    """What a browser would make of the HTML: its elements, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.marks: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "input"):
            self._open.append(tag)
        if tag == "mark":
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self._open:
            self.marks[-1] += data

    def attributes(self, name: str) -> list[str | None]:
        return [attrs[name] for _, attrs in self.tags if name in attrs]

    def assert_harmless(self) -> None:
        for tag, attrs in self.tags:
            assert tag in ALLOWED, tag
            assert not [name for name in attrs if name.startswith("on") or name == "src"], (tag, attrs)
            assert re.fullmatch(r"([a-z-]+:[0-9.]+%?;?)*", attrs.get("style") or ""), attrs  # lengths of charts
            assert re.match(r"article\?|#yj-|$", attrs.get("href") or ""), attrs


def asked(question: str, youju: TinyYouju | None = None) -> Exchange:
    exchange = Exchange(1, question)
    for _ in follow(youju or TinyYouju(), exchange, []):  # type: ignore[arg-type]
        pass
    return exchange


@given(st.text(), st.integers(0, 40), st.integers(-5, 60), st.integers(-5, 60))
def test_marks_exactly_the_span_whatever_the_text(text: str, offset: int, start: int, end: int) -> None:
    text = text.replace("\r", "").replace("\0", "")  # a parser of HTML may not keep these two
    page = Page(cards.marked(text, offset, Span(start, end)))
    assert page.text == text
    expected = "".join(c for i, c in enumerate(text, offset) if start <= i < end)
    assert "".join(page.marks) == expected
    assert {tag for tag, _ in page.tags} <= {"mark"}


def test_a_quote_in_chinese_is_marked_to_the_character() -> None:
    assert cards.marked("甲乙<丙>丁", 10, Span(12, 15)) == "甲乙<mark>&lt;丙&gt;</mark>丁"


@pytest.mark.parametrize("t", [ZH, EN])
def test_hostile_articles_and_answers_stay_text(t: Texts) -> None:
    exchange = asked(f"大桥 {HOSTILE}")
    half = asked(f"大桥 {HOSTILE}")
    half.answer = None
    half.written = f"{HOSTILE}[1]{REMOTE_IMAGE}[9]"
    half.stopped = True
    documents = TinyYouju().documents()
    hits = exchange.found.hits if exchange.found else ()
    hostile = Batch(
        not_sent=[HOSTILE],
        settled=Settled(present=[(HOSTILE, HOSTILE)], twins=[Twin(HOSTILE, Path(HOSTILE), Path(HOSTILE))] * 2),
        reading=Progress("read", 1, 2, "files", HOSTILE),
        report=IndexReport(added=(HOSTILE,), unchanged=(HOSTILE,), failed=(("", (HOSTILE, HOSTILE)),)),
    )
    hostile.done.set()
    for html in (
        render.answer(exchange, t),
        render.answer(half, t),
        cards.evidence(exchange, t),
        render.earlier([exchange, half], t),
        front.archive(documents, t),
        article.page(BRIDGE, Span(0, 0), "", t),
        article.page(BRIDGE, Span(0, 5), "", t, both=True),
        search_view.results(Sought("大桥", scope.EVERYWHERE, list(hits), 0.01), t),
        library_view.table(documents, {BRIDGE.id: HOSTILE}, Shelf(editing=TREE.id), t, writable=True),
        library_view.progress([hostile, hostile], [hostile], "", t),
        library_view.said(Shelf(said=Said("library_corrected", title=HOSTILE)), t),
    ):
        page = Page(html)
        page.assert_harmless()
        assert "pwned" in html or "<b>" in page.text
    assert HOSTILE in Page(render.answer(exchange, t)).text
    assert REMOTE_IMAGE in Page(cards.evidence(exchange, t)).text


def test_a_card_shows_quote_title_date_with_its_reason_file_and_lines() -> None:
    exchange = asked("银杏")
    page = Page(cards.evidence(exchange, ZH))
    assert page.marks[0] == "当天共栽下银杏3000株，另有香樟1200株。"
    assert TREE.title in page.text and TREE.name in page.text
    assert "2021-03-12" in page.text and TREE.date and TREE.date.reason in page.attributes("title")
    # lines of the file: title, "本报讯…植树", "活动举行。当天…3000株，", "另有香樟1200株。…"
    assert "第 3–4 行" in page.text
    assert "lines 3–4" in Page(cards.evidence(exchange, EN)).text


def test_places_are_lines_of_the_file_as_given() -> None:
    start = TREE.text.index("今年全市")
    assert place(TREE, start, start + 4) == Place(6, 6)
    assert place(TREE, 0, len(TREE.title)) == Place(1, 1)
    start = TREE.text.index("活动举行")
    assert place(TREE, start - 1, start + 1) == Place(2, 3)


def test_markers_become_chips_only_where_there_is_evidence() -> None:
    page = Page(render.streamed("甲[1]乙[12]丙[3]", 2, {1, 3}, ZH))
    assert page.attributes("data-card") == ["yj-2-1", "yj-2-3"]
    assert page.text == "甲1乙[12]丙3"


def test_every_chip_of_a_finished_answer_has_its_card() -> None:
    exchange = asked("银杏")
    shown = Page(cards.evidence(exchange, ZH)).attributes("id")
    chips = Page(render.answer(exchange, ZH)).attributes("data-card")
    assert chips == ["yj-1-1", "yj-1-2"] and set(chips) <= set(shown)


def test_verdicts_are_shown_and_explained() -> None:
    exchange = asked("银杏")
    page = Page(render.answer(exchange, ZH))
    assert page.text.count("✓") == 1 and page.text.count("≠") == 1 and page.text.count("?") == 1
    assert "回答写“98%”，原文是“95%”" in page.attributes("title")
    assert "回答写“98%”，原文是“95%”" in page.text  # a tooltip cannot be touched
    assert "核对 3 句，2 句与原文对不上" in page.text


def test_an_answer_without_fault_is_quiet() -> None:
    page = Page(render.answer(asked("它的成活率呢"), ZH))
    assert "核对 1 句，与原文相符" in page.text
    assert [c for c in page.attributes("class") if c and ("differs" in c or "bad" in c)] == []


def test_a_claim_with_markup_is_escaped_in_its_tooltip() -> None:
    claim = Claim("name", '"><script>', None, Verdict.NOT_FOUND)
    html = render.sentences([AnswerSentence("句。", (), Verdict.NOT_FOUND, (claim,))], 1, ZH)
    page = Page(html)
    page.assert_harmless()
    assert any('"><script>' in (title or "") for title in page.attributes("title"))


def test_western_sentences_keep_a_space_chinese_ones_get_none() -> None:
    one = [AnswerSentence(text, (), Verdict.SUPPORTED) for text in ("It rose.", "Then it fell.", "完。", "终。")]
    assert Page(render.sentences(one, 1, ZH)).text == "It rose. Then it fell.完。终。"


def test_a_refusal_lists_no_sources() -> None:
    exchange = asked("月球")
    page = Page(render.answer(exchange, ZH))
    assert "资料中没有提到这一点。" in page.text and "最接近的段落也没有说到这个问题。" in page.text
    assert page.attributes("data-card") == []
    assert cards.evidence(exchange, ZH) == ""


def test_a_refusal_offers_what_is_near_as_a_place_to_read() -> None:
    exchange, given = asked("月球"), asked("银杏").answer
    assert exchange.answer is not None and given is not None
    near = given.citations[:1]
    said = f"资料中没有2027年的数字；相近的有：{near[0].quote}[1]。"
    exchange.answer = replace(exchange.answer, text=said, near=near)
    html = render.answer(exchange, ZH)
    page = Page(html)
    assert "资料中没有2027年的" in page.text and "相近的有" not in page.text
    assert html.count(f'<q class="yj-quote">{near[0].quote}</q>') == 1
    assert f"start={near[0].start}" in html


def test_evidence_stands_before_the_first_word() -> None:
    exchange = Exchange(1, "银杏")
    grown = follow(TinyYouju(), exchange, [])  # type: ignore[arg-type]
    next(grown)
    assert cards.evidence(exchange, ZH) == "" and ZH.searching in render.answer(exchange, ZH)
    next(grown)
    assert not exchange.written and len(Page(cards.evidence(exchange, ZH)).marks) == 3
    assert ZH.writing.format(count=3) in render.answer(exchange, ZH)


def test_evidence_stays_in_place_and_what_is_quoted_is_marked() -> None:
    exchange = asked("银杏")
    before, *_ = cards.evidence(replace(exchange, answer=None), ZH).split('<details class="yj-fold"')
    head, fold = cards.evidence(exchange, ZH).split('<details class="yj-fold"')
    numbers = ["yj-1-1", "yj-1-2", "yj-1-3"]
    assert re.findall('id="([^"]+)"', before) == numbers == re.findall('id="([^"]+)"', head)
    assert "证据 3 条，回答引用了 2 条" in head and head.count(ZH.cited) == 2
    assert ZH.also_found.format(count=2) in fold
    short, rest, _ = cards.evidence(exchange, ZH, last=False).split('<details class="yj-fold"')
    assert "yj-1-2" in short and "yj-1-3" in rest and ZH.evidence_unused.format(count=1) in rest


def test_an_answer_knows_that_its_source_is_gone() -> None:
    exchange = asked("银杏")
    exchange.gone = frozenset({TREE.id})
    assert ZH.source_gone in Page(render.answer(exchange, ZH)).attributes("aria-label")
    card = Page(cards.evidence(exchange, ZH))
    assert card.text.count(ZH.evidence_gone) == 3 and ZH.missing_advice in card.text


@pytest.mark.parametrize("t", [ZH, EN])
def test_errors_are_one_calm_line(t: Texts) -> None:
    exchange = Exchange(1, "断线")
    list(follow(TinyYouju(), exchange, []))  # type: ignore[arg-type]
    assert isinstance(exchange.error, ModelCallFailed)
    page = Page(render.answer(exchange, t))
    assert {"zh": "模型没有应答", "en": "the model did not answer"}[t.language[:2]] in page.text
    assert "Traceback" not in page.text and "ModelCallFailed" not in page.text


def test_how_a_question_was_understood_is_shown_only_where_it_differs() -> None:
    assert "城北公园银杏的成活率目标是多少" in render.answer(asked("它呢"), ZH)
    assert ZH.understood not in render.answer(asked("银杏"), ZH)


def test_timings_name_what_was_measured() -> None:
    line = Page(render.timings(Timings(0.1, 4.23, 9.0), "<m>", ZH)).text
    assert line == "证据 0.1 秒 · 首字 4.2 秒 · 全部 9.0 秒 · <m>"
    assert "首字" not in render.timings(Timings(0.1, None, 0.2), "", ZH)


def test_the_article_page_shows_all_of_the_text_and_marks_the_quote() -> None:
    start = TREE.text.index("另有香樟")
    page = Page(article.page(TREE, Span(start, start + 9), "", ZH))
    page.assert_harmless()
    assert page.marks == [TREE.text[start : start + 9]] and "quote" in page.attributes("id")
    for block in TREE.blocks:
        assert TREE.text[block.start : block.end] in page.text
    assert page.text.count(TREE.title) == 2  # in the head and as heading, not once more as first block


def test_the_article_page_shows_text_that_no_block_holds() -> None:
    page = Page(article.page(replace(TREE, blocks=TREE.blocks[1:2]), Span(0, 0), "", ZH))
    assert "今年全市计划新增绿地" in page.text and page.marks == []


def test_the_archive_lists_the_newest_and_counts_the_rest() -> None:
    many = [DocumentInfo(str(i), f"{i:02}.txt", "", "", f"第{i}篇", None, 1, 1) for i in range(20)]
    page = Page(front.archive(many, ZH))
    assert "馆藏 20 篇" in page.text and "另有 12 篇" in page.text
    assert front.archive([], ZH).count(ZH.no_articles) == 1


def test_history_is_what_was_answered() -> None:
    conversation = Conversation(begun=[asked("它呢"), Exchange(2, "断线", stopped=True, after=1)], tip=2)
    assert conversation.turns() == [Turn("城北公园银杏的成活率目标是多少", "成活率目标为95%。")]


def test_every_conversation_has_an_id_of_its_own() -> None:
    empty = Conversation()
    pages = [deepcopy(empty) for _ in range(2)]  # as Gradio gives each page its state
    for conversation in pages:
        conversation.put("银杏")
    assert pages[0].id and pages[1].id and pages[0].id != pages[1].id


def test_an_answer_that_can_be_judged_is_drawn_once() -> None:
    """Drawn again after its buttons were there, it would show as not judged what was judged in between."""

    async def drawn() -> list[str]:
        tab = ChatTab(TinyYouju())  # type: ignore[arg-type]
        return [
            u["chat_answer"]
            async for u in tab.ask("城北公园银杏的成活率目标是多少", Session("zh"), {})
            if "chat_answer" in u
        ]

    states = ["done" if ZH.judge_good in answer else "growing" for answer in ran(drawn())]
    assert states == [*["growing"] * (len(states) - 1), "done"] and len(states) > 2


def test_a_stopped_exchange_takes_no_more() -> None:
    conversation = Conversation()
    conversation.put("银杏")
    exchange = conversation.begin()
    assert exchange
    exchange.receive(Wrote("甲"))
    conversation.stop()
    exchange.receive(Wrote("乙"))
    done = asked("银杏").answer
    assert done
    exchange.receive(Finished(done))
    assert exchange.written == "甲" and exchange.answer is None and not conversation.running


def test_a_question_put_meanwhile_waits_and_one_put_after_a_stop_comes_first() -> None:
    conversation = Conversation()
    for question in ("甲", "乙", "丙"):
        conversation.put(question)
        conversation.begin()
    assert [e.question for e in conversation.exchanges] == ["甲"]
    assert [(e.question, e.number) for e in conversation.waiting] == [("乙", 2), ("丙", 3)]
    conversation.stop()
    conversation.put("丁")
    for _ in range(4):
        conversation.begin()
        conversation.stop()
    assert [e.question for e in conversation.exchanges] == ["甲", "丁", "乙", "丙"]


def test_both_languages_say_everything_with_the_same_names_in_it() -> None:
    for field in fields(Texts):
        zh, en = getattr(ZH, field.name), getattr(EN, field.name)
        assert zh and en
        names = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (zh, en)]
        assert names[0] == names[1], field.name
    assert texts("zh") is ZH and texts("en") is EN


def test_notes_on_an_answer_are_told_in_the_language_of_the_window() -> None:
    made = [
        one(*("二〇二四年" for _ in inspect.signature(one).parameters))
        for one in vars(notes).values()
        if inspect.isfunction(one) and one.__annotations__.get("return") == "Note" and one is not notes.differing
    ]
    fixed = [value for value in vars(notes).values() if isinstance(value, tuple)]
    assert len(made) >= 3 and len(fixed) > 10
    for zh, en in (*made, *fixed):
        for line in (zh, en):
            assert (notes.in_language(line, chinese=True), notes.in_language(line, chinese=False)) == (zh, en)
    both = [notes.told([made[0], notes.MENDED, notes.LOOP], chinese=chinese) for chinese in (True, False)]
    assert notes.in_language(both[0], chinese=False) == both[1] and notes.in_language(both[1], chinese=True) == both[0]
    assert notes.in_language("另一个版本写下的话", chinese=False) == "另一个版本写下的话"
    exchange = asked("月球")
    assert exchange.answer
    exchange.answer = replace(exchange.answer, note=notes.NOT_FOUND[0])
    assert "Nothing in the passages found" in render.answer(exchange, EN)


def test_reasons_for_dates_are_told_in_the_language_of_the_window() -> None:
    known = [ArticleDate(date(2024, 3, 1), "day", because("line", "3月1日")), read_date("2024", because("hand"))]
    for when, zh, en in zip(known, ("文中写明", "人工填写"), ("the text says “3月1日”", "set by hand"), strict=True):
        assert zh in cards.date(when, ZH) and en in cards.date(when, EN) and zh not in cards.date(when, EN)
        info = DocumentInfo("1", "1.txt", "", "", "题", when, 1, 1)
        table = library_view.table([info], {}, Shelf(), EN, writable=True)
        assert en in table and zh not in table


def test_examples_name_shipped_articles() -> None:
    seeds = {path.name for path in (Path(__file__).parents[1] / "seeds").iterdir()}
    assert {document for _, document in EXAMPLES} <= seeds
    assert 4 <= len(EXAMPLES) <= 6


def test_a_date_is_only_as_precise_as_it_is_known() -> None:
    assert BRIDGE.date and BRIDGE.date.value == date(2020, 12, 1)
    assert ">2020-12<" in cards.date(BRIDGE.date, ZH)
    assert ZH.no_date in cards.date(None, ZH)


def test_what_is_kept_of_an_exchange_is_the_exchange() -> None:
    exchange = asked("它的成活率呢")
    (back,) = saved.load([saved.dump(exchange)])
    assert (back.answer, back.found, back.query) == (exchange.answer, exchange.found, exchange.query)
    assert back.places == exchange.places and not back.running
    assert saved.load(['{"number": 1}', saved.dump(exchange)])[0].question == exchange.question


def test_an_exported_conversation_has_footnotes_and_no_markup_of_its_own() -> None:
    first = replace(asked("银杏"), asked=datetime(2026, 11, 22, 9, 5), scope=scope.Scope(Filters(types=(".txt",))))
    text = export.markdown([first, asked(f"大桥 {HOSTILE}")], ZH)
    assert text.count("银杏\n") == 1 and "\n2026-11-22 09:05 · 范围：.txt\n" in text
    assert f"> {ZH.some_not.format(count=3, bad=2)}" in text and ZH.all_supported.format(count=2) in text
    assert "3000株，另有香樟1200株。[^1-1]" in text
    assert "[^1-1]: 《城北新栽银杏三千株》，2021-03-12，tree.txt 第 3–4 行：“当天共栽下银杏3000株" in text
    assert "> 回答写“98%”，原文是“95%”" in text
    assert "<script>" not in text and not re.search(r"(?<!\\)\]\(", text)  # no markup, no link, no image


def test_an_exported_refusal_says_what_the_screen_says_and_where_the_nearest_stands() -> None:
    exchange, given = asked("月球"), asked("银杏").answer
    assert exchange.answer is not None and given is not None
    near = replace(given.citations[0], quote="称为“绿心”，编号000_2a9a。")
    exchange.answer = replace(exchange.answer, text=f"资料中没有2027年的；相近的有：{near.quote}[1]。", near=(near,))
    text = export.markdown([exchange], ZH)
    assert "资料中没有2027年的\n" in text and "[1]" not in text and "相近的有" not in text
    assert f"{ZH.nearest}[^1-1]\n" in text and "[^1-1]: 《城北新栽银杏三千株》" in text
    assert "“称为‘绿心’，编号000_2a9a。”" in text  # marks turned inside marks; no escape within a word
    assert exchange.answer.note in text


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("银杏栽了多少株？", "有据-2026-11-22-银杏栽了多少株.md"),
        ("a/b\\c: *?", "有据-2026-11-22-a-b-c.md"),
        ("", "有据-2026-11-22.md"),
    ],
)
def test_an_export_is_named_by_its_day_and_its_first_question(question: str, name: str) -> None:
    assert export.file_name([Exchange(1, question, asked=datetime(2026, 11, 22))]) == name


def test_a_copied_answer_carries_its_sources() -> None:
    text = export.copied(asked("银杏"), ZH)
    assert text.startswith("活动当天共栽下银杏3000株") and "[1]" in text
    assert "\n[1] 《城北新栽银杏三千株》，2021-03-12，tree.txt 第 3–4 行：“" in text
    assert export.copied(asked("月球"), ZH) == "资料中没有提到这一点。"


def test_judged_answers_are_a_question_set(tmp_path: Path) -> None:
    good = Judgement(True, "", "", saved.dump(asked("它的成活率呢")))
    faulty = Judgement(False, "数字或事实不对", "95%", saved.dump(asked("银杏")))
    unsaid = Judgement(False, "其他", "", saved.dump(asked("大桥")))  # nobody said what would be right
    refused = Judgement(True, "", "", saved.dump(asked("月球")))
    file = tmp_path / "judged.jsonl"
    rows = [("a" * 32, n, j) for n, j in enumerate((good, faulty, unsaid, refused), 1)]
    file.write_text(export.question_set(rows), encoding="utf-8")
    first, second, third = load_questions(file).questions
    assert first.question == "城北公园银杏的成活率目标是多少" and first.must == (("成活率目标为95%",),)
    assert second.must == (("95%",),) and second.note == "数字或事实不对" and second.evidence[0].document == "tree.txt"
    assert not third.answerable


@pytest.mark.parametrize(
    ("clause", "question"),
    [
        ("扬州工业开票销售达到9000亿元", "扬州工业开票销售达到多少亿元？"),
        ("其中盐城新能源产业占比超过50%", "盐城新能源产业占比超过多少？"),
        ("总投资58亿元", ""),  # whose?
        ("扬州2个园区引进30个项目", ""),  # which figure?
        ("扬州今年将办好民生实事", ""),
    ],
)
def test_follow_ups_ask_for_a_figure_that_has_an_owner(clause: str, question: str) -> None:
    assert suggest.asked_of(clause) == question


def test_follow_ups_do_not_ask_what_was_told() -> None:
    assert all("58" not in q and "3000" not in q for q in suggest.follow_ups(asked("银杏")))


@given(st.text("扬州工業9０,0亿元 a", max_size=30), st.lists(st.sampled_from(["扬州", "工业", "900", "亿元"])))
def test_search_marks_lose_no_character(text: str, terms: list[str]) -> None:
    assert len(search_view.matches(text, terms)) == len(text)


def test_search_marks_words_in_either_script() -> None:
    same = search_view.matches("發展工業", ["发展"])
    assert same == [True, True, False, False]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2024-03-18", "2024-03-18"),
        ("2024年3月18日", "2024-03-18"),
        ("2024.3", "2024-03"),
        ("2024", "2024"),
        ("2025年9月13号", "2025-09-13"),
        ("2025/9/13", "2025-09-13"),
        ("２０２５年 ９月", "2025-09"),
    ],
)
def test_a_date_is_read_as_people_write_it(written: str, shown: str) -> None:
    assert str(read_date(written, "人工填写")) == shown


@pytest.mark.parametrize("written", ["去年", "2024-13", "2024-02-30", "18", "2024-03-18x"])
def test_what_is_no_date_is_not_taken_for_one(written: str) -> None:
    with pytest.raises(ValueError):
        read_date(written, "")


def test_long_conversations_send_only_their_end() -> None:
    many = []
    for number in range(1, 41):
        exchange = asked("银杏")
        exchange.number = number
        many.append(exchange)
    assert render.earlier(many, ZH).count("<article") == 12
    assert ZH.show_earlier.format(count=28) in render.earlier(many, ZH)
    assert render.earlier(many, ZH, whole=True).count("<article") == 40


def test_a_search_is_narrowed_by_the_kind_of_file() -> None:
    one, two = TinyYouju().documents()
    shown = search_view.form(None, [one, replace(two, name="大桥.MD")], [], ZH)
    assert '<option value=".md">.md</option>' in shown and '<option value=".txt">.txt</option>' in shown
    assert 'name="type"' not in search_view.form(None, [one, two], [], ZH)  # of one kind there is nothing to choose
    assert scope.read({"type": ".md"}, [], scope.EVERYWHERE).filters.types == (".md",)


@pytest.mark.parametrize("words", [ZH, EN])
def test_several_articles_are_one_choice_of_the_scope(words: Texts) -> None:
    one, two = TinyYouju().documents()
    both = scope.read({"document": f"{two.id} {one.id}"}, [one, two], scope.EVERYWHERE)
    assert both.filters.documents == (two.id, one.id)
    name = words.scope_several.format(title=two.title, count=2)
    assert scope.told(both, words) == name
    assert f'<option value="{two.id} {one.id}" selected>{escape(name)}</option>' in scope.fields(
        both, [one, two], [], words
    )
    gone = scope.read({"document": f"{two.id} {one.id}"}, [one], both)  # it is still told by the title that it had
    assert scope.told(gone, words) == name
    alone = scope.read({"document": one.id}, [one, two], both)
    assert scope.told(alone, words) == one.title


def test_a_result_asks_within_its_article() -> None:
    youju = TinyYouju()
    hit = youju._hit(youju.articles[0], passages(youju.articles[0])[1])
    shown = search_view.results(Sought("银杏", scope.EVERYWHERE, [hit]), ZH)
    button = re.search(r'<button type="button" class="yj-act" ([^>]*)>', shown)
    assert button and f'data-document="{youju.articles[0].id}"' in button[1]
    assert 'data-do="scope" data-to="chat" data-show="chat"' in button[1]


def test_only_undated_articles_make_the_date_fields_warn() -> None:
    one, two = TinyYouju().documents()
    assert ZH.search_undated not in search_view.form(None, [one, two], [], ZH)
    assert ZH.search_undated in search_view.form(None, [one, replace(two, date=None)], [], ZH)


@pytest.mark.parametrize("t", [ZH, EN])
def test_hostile_question_sets_and_results_stay_text(t: Texts) -> None:
    gold = (Gold(TREE.name, "成活率目标为95%"),)
    questions = (
        Question(HOSTILE, f"大桥 {HOSTILE}", HOSTILE, True, (HOSTILE,), None, ((HOSTILE, "b"),), (HOSTILE,), gold),
        Question("2", "断线", "n", True, must=(("95%",),), evidence=gold),
        Question("3", "月球", "n", False),
    )
    run = Run(TinyYouju(), QuestionSet(HOSTILE, "0", questions), name=HOSTILE)
    rows = list(run)
    result = run.result()
    kept = Kept(Path("x"), HOSTILE, HOSTILE, result.when, 3, False, (HOSTILE,), Rate(1, 3), Rate(0, 0))
    settings = with_changes(Settings(), {"llm.base_url": HOSTILE, "llm.model": HOSTILE, "index": HOSTILE})
    hostile_model = with_changes(settings, {"embedding.model": HOSTILE})
    embedding = Progress("read", 0, 1, "files", HOSTILE, 3.0)
    for html in (
        result_view.overview(result, t),
        result_view.questions(result, t, every=True),
        *(result_view.question(row, t) for row in rows),
        evaluation_view.form(Bench(set=HOSTILE, path=HOSTILE, limit=HOSTILE), {HOSTILE: HOSTILE}, t, paths=True),
        evaluation_view.runs({HOSTILE: kept}, HOSTILE, t),
        evaluation_view.pair({HOSTILE: kept, "b": kept}, (HOSTILE, "b"), t),
        settings_view.form(settings, {"llm.model": HOSTILE}, t, editable=True),
        settings_view.where(settings, HOSTILE, t),
        settings_view.embedding(hostile_model, {}, (1, 1), t, editable=True),
        settings_view.reembedding(Change(HOSTILE), hostile_model, 1, HOSTILE, t),
        settings_view.reembedding(Change(HOSTILE, embedding), hostile_model, 1, HOSTILE, t),
        settings_view.reembedding(Change(HOSTILE, stopped=True), hostile_model, 1, HOSTILE, t),
        settings_view.said(HOSTILE),
    ):
        Page(html).assert_harmless()
    assert HOSTILE in Page(result_view.question(rows[0], t)).text
    assert [row.score.outcome for row in rows[1:]] == [Outcome.ERROR, Outcome.RIGHT]


def test_a_run_tells_how_far_it_is_and_stops_where_it_is_told() -> None:
    questions = tuple(Question(str(n), "月球", "n", False) for n in range(4))
    run = Run(TinyYouju(), QuestionSet("set", "0", questions))
    assert (run.progress.done, run.progress.total, run.progress.seconds_left) == (0, 4, None)
    asking = iter(run)
    next(asking)
    assert run.progress.done == 1 and run.progress.seconds_left is not None
    assert run.result().overall.questions == 1
    run.stop()
    assert list(asking) == [] and len(run.result().rows) == 1


def test_a_measure_of_a_comparison_has_the_name_that_reports_give_it() -> None:
    assert result_view.measure_name("recall@5", RATES, EN) == "Recall@5"
    assert result_view.measure_name("correct", RATES, ZH) == "总正确率"
    assert result_view.measure_name("mrr", RATES, ZH) == "MRR"
