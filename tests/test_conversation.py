"""A conversation as it grows and as it is kept: nothing that was asked or written is lost, and no version of a question."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from fakes import TinyYouju, ran

from rag.errors import StoreError
from rag.store.base import Filters
from rag.store.notes import Notes
from rag.types import Turn
from rag.ui import export, front, keeping, past, render, saved
from rag.ui.chat import ChatTab
from rag.ui.conversation import Conversation, Exchange, follow
from rag.ui.scope import Scope
from rag.ui.session import Session, Updates, day_of
from rag.ui.texts import EN, ZH


@pytest.fixture
def youju() -> TinyYouju:
    return TinyYouju()


def drive(youju: TinyYouju, session: Session, *acts: dict[str, Any]) -> list[Updates]:
    """What the tab shows of acts that take time, one after the other."""
    tab = ChatTab(youju)  # type: ignore[arg-type]

    async def all_of() -> list[Updates]:
        return [updates for act in acts for updates in [u async for u in tab.run(session, act)]]

    return ran(all_of())


def ask(question: str, **more: Any) -> dict[str, Any]:
    return {"do": "ask", "question": question, **more}


def again(youju: TinyYouju, key: str) -> Conversation:
    """As another run of the program finds it."""
    with closing(Notes(youju.settings.index)) as notes:
        found = keeping.take_up(notes, key)
    assert found
    return found


def grown(youju: TinyYouju, conversation: Conversation, exchange: Exchange, clock: Any) -> Iterator[None]:
    keeping.keep(youju.notes, conversation, exchange)
    asking = follow(youju, exchange, [])  # type: ignore[arg-type]
    return keeping.kept(asking, youju.notes, conversation.id, exchange, clock=clock)


def begun(question: str) -> tuple[Conversation, Exchange]:
    conversation = Conversation()
    conversation.put(question)
    exchange = conversation.begin()
    assert exchange
    return conversation, exchange


@pytest.mark.parametrize(("question", "state"), [("断线", "error"), ("意外", "failed")])
def test_what_could_not_be_answered_is_kept_with_its_reason(youju: TinyYouju, question: str, state: str) -> None:
    session = Session("zh")
    try:
        drive(youju, session, ask(question))
    except RuntimeError:
        assert state == "failed"
    (back,) = again(youju, session.conversation.id).exchanges
    assert back.question == question and not back.running
    for t, told in ((ZH, "模型没有应答"), (EN, "the model did not answer")):
        html = render.answer(back, t)
        assert (told if state == "error" else t.failed) in html and t.ask_again in html


def test_a_question_is_kept_with_its_evidence_and_its_words_while_they_come(youju: TinyYouju) -> None:
    conversation, exchange = begun("银杏栽了多少株？")
    steps = grown(youju, conversation, exchange, count().__next__)  # a second passes with every look at the clock
    back = [again(youju, conversation.id).exchanges[0]]  # before anything is done with it
    for _ in steps:
        back.append(again(youju, conversation.id).exchanges[0])
        if len(exchange.written) > 12:
            break
    first, last = back[0], back[-1]
    assert (first.question, first.found, first.written) == (exchange.question, None, "")
    assert last.found == exchange.found and last.places == exchange.places and last.written == exchange.written != ""
    assert last.cut_off and not last.running
    html = render.answer(last, ZH)
    assert exchange.written[:8] in html and ZH.cut_off + ZH.unchecked in html and ZH.ask_again in html
    steps.close()  # type: ignore[attr-defined]


def test_words_are_written_once_a_second_and_the_last_of_them_at_the_end(youju: TinyYouju) -> None:
    conversation, exchange = begun("银杏栽了多少株？")
    written: list[int] = []
    youju.notes.grow = lambda *_: written.append(len(exchange.written))  # type: ignore[method-assign]
    steps = grown(youju, conversation, exchange, lambda: 0.0)  # no time passes
    for _ in steps:
        if len(exchange.written) > 12:
            break
    assert written == [0]  # its evidence
    steps.close()  # type: ignore[attr-defined]  # as when the page goes away
    assert written == [0, len(exchange.written)]


def test_an_answer_does_not_fail_because_it_cannot_be_kept(youju: TinyYouju) -> None:
    def full(*_: object) -> None:
        raise StoreError(("磁盘已满", "the disk is full"))

    youju.notes.grow = full  # type: ignore[method-assign]
    session = Session("zh")
    shown = drive(youju, session, ask("银杏"))
    assert session.conversation.exchanges[0].answer and "磁盘已满" in shown[-1]["notice"]


def test_what_is_forgotten_meanwhile_does_not_come_back(youju: TinyYouju) -> None:
    conversation, exchange = begun("银杏")
    steps = grown(youju, conversation, exchange, count().__next__)
    next(steps)
    youju.notes.forget(conversation.id)
    assert list(steps) and exchange.answer and youju.notes.conversations() == []


def test_what_waits_is_kept_and_one_not_wanted_any_more_is_not(youju: TinyYouju) -> None:
    session = Session("zh")
    session.conversation.put("银杏")
    keeping.keep(youju.notes, session.conversation, session.conversation.waiting[0])  # type: ignore[arg-type]
    session.conversation.begin()  # and it is being answered
    drive(youju, session, ask("大桥"), ask("月球"))
    ChatTab(youju).do(session, {"do": "unwait", "number": "3"})  # type: ignore[arg-type]
    back = again(youju, session.conversation.id).exchanges
    assert [(e.question, e.cut_off) for e in back] == [("银杏", True), ("大桥", True)]


def test_both_answers_to_a_changed_question_stay_with_what_followed_them(youju: TinyYouju) -> None:
    session = Session("zh")
    drive(youju, session, ask("银杏"), ask("它的成活率呢"), {"do": "edit", "number": "1", "question": "大桥"})
    conversation = session.conversation
    assert [e.question for e in conversation.exchanges] == ["大桥"]
    drive(youju, session, ask("月球"))
    assert youju.asked[-1] == ("月球", [Turn("大桥", conversation.exchanges[0].answer.text)])  # type: ignore[union-attr]

    def ways(one: Conversation) -> list[list[str]]:
        found = []
        for number in one.versions(one.exchanges[0]):
            one.show(number)
            found.append([e.question for e in one.exchanges])
        return found

    whole = [["银杏", "它的成活率呢"], ["大桥", "月球"]]
    assert ways(conversation) == whole and ways(again(youju, conversation.id)) == whole
    shown = ChatTab(youju).do(session, {"do": "version", "number": "1"})  # type: ignore[arg-type]
    assert ">1/2<" in shown["chat_earlier"] and 'data-do="version" data-number="3"' in shown["chat_earlier"]
    back = again(youju, conversation.id)
    assert [e.question for e in back.exchanges] == whole[0]  # a reload shows the way that was looked at
    assert "大桥" not in export.markdown(back.exchanges, ZH)


@pytest.mark.parametrize("number", [1, 2])
def test_any_question_can_be_asked_again_within_what_it_was_asked(youju: TinyYouju, number: int) -> None:
    session = Session("zh")
    session.conversation.scope = within = Scope(Filters(types=(".txt",)))
    drive(youju, session, ask("银杏"), ask("月球"))
    session.conversation.scope = Scope()
    drive(youju, session, {"do": "retry", "number": str(number)})
    last = session.conversation.exchanges[-1]
    assert (last.scope, last.number, len(session.conversation.exchanges)) == (within, 3, number)
    assert session.conversation.versions(last) == (number, 3)


def test_a_refusal_within_a_scope_is_asked_in_all_articles(youju: TinyYouju) -> None:
    session = Session("zh")
    session.conversation.scope = within = Scope(Filters(documents=("id-tree.txt",)), "城北新栽银杏三千株")
    drive(youju, session, ask("月球"))
    refused = session.conversation.exchanges[-1]
    assert 'data-run="widen" data-number="1"' in render.answer(refused, ZH)
    drive(youju, session, {"do": "widen", "number": "1"})
    wide = session.conversation.exchanges[-1]
    assert (wide.question, bool(wide.scope), session.conversation.scope) == ("月球", False, within)
    assert "widen" not in render.answer(wide, ZH)
    drive(youju, session, ask("银杏"))
    assert "widen" not in render.answer(session.conversation.exchanges[-1], ZH)  # no refusal


def test_two_pages_in_one_conversation_do_not_write_over_each_other(youju: TinyYouju) -> None:
    one, other = Session("zh"), Session("zh")
    drive(youju, one, ask("银杏"))
    other.conversation = again(youju, one.conversation.id)
    drive(youju, one, ask("大桥"))
    drive(youju, other, ask("月球"))
    kept = saved.load(youju.notes.exchanges(one.conversation.id))
    assert [e.question for e in kept] == ["银杏", "大桥", "月球"]


def test_the_day_is_the_askers_and_stays_with_the_answer(youju: TinyYouju) -> None:
    session, yesterday = Session("zh"), date.today() - timedelta(days=1)
    drive(youju, session, ask("银杏", today=yesterday.isoformat()))
    (back,) = again(youju, session.conversation.id).exchanges
    assert back.query and (back.today, back.query.today) == (yesterday, yesterday)
    assert ZH.asked_on.format(day=yesterday) in render.answer(back, ZH)
    drive(youju, session, {"do": "retry", "number": "1", "today": "2020-02-29"})
    assert session.conversation.exchanges[-1].query.today == date(2020, 2, 29)  # type: ignore[union-attr]
    for nonsense in ({}, {"today": ""}, {"today": "yesterday"}, {"today": "2023-02-29"}, {"today": None}, None):
        assert day_of(nonsense) == date.today()


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("临江市去年外贸总额是多少", "临江市2023年外贸总额是多少"),
        ("昨天通车的大桥多长", "2024年3月4日通车的大桥多长"),
        ("今年3月的销量和上月的差多少", "2024年3月的销量和2024年2月的差多少"),
        ("3月18日发生了什么", "2024年3月18日发生了什么"),
        ("2022年的外贸", "2022年的外贸"),
        ("去年同期多少", "去年同期多少"),
        ("近三年的投资", "近三年的投资"),
    ],
)
def test_a_follow_up_on_another_day_means_the_day_of_what_it_follows(youju: TinyYouju, asked: str, meant: str) -> None:
    session = Session("zh")
    drive(youju, session, ask(asked, today="2024-03-05"), ask("银杏", today="2024-03-05"))
    assert youju.asked[-1][1][0].question == asked  # of the same day, as it was asked
    session.conversation = again(youju, session.conversation.id)
    drive(youju, session, ask("它呢", today="2026-11-30"))
    assert youju.asked[-1][1][0].question == meant


@pytest.mark.parametrize("length", [2001, 5000])
def test_a_question_that_is_too_long_says_how_long_it_may_be(youju: TinyYouju, length: int) -> None:
    async def shown(t: str) -> list[Updates]:
        tab = ChatTab(youju)  # type: ignore[arg-type]
        return [updates async for updates in tab.ask("问" * length, Session(t), {})]

    for language, most in (("zh", "最多 2,000 字"), ("en", "may have 2,000")):
        (told,) = ran(shown(language))
        assert (
            set(told) == {"notice"} and most in told["notice"] and f"{length:,}" in told["notice"]
        )  # the box keeps it
    assert youju.asked == []


@pytest.mark.parametrize(
    ("question", "folded"), [("银杏栽了多少株？", False), ("长" * 121, True), ("一\n二\n三\n四\n五", True)]
)
def test_the_headline_of_a_long_question_is_folded(question: str, folded: bool) -> None:
    html = render.answer(Exchange(1, question), ZH)
    assert ("yj-long" in html) is folded and html.count(question) == 1


def test_conversations_are_found_by_name_question_and_answer_and_renamed(youju: TinyYouju) -> None:
    session = Session("zh")
    for question in ("银杏栽了多少株？", "大桥"):
        session.conversation = Conversation()
        drive(youju, session, ask(question))
    trees, bridge = (c.id for c in reversed(youju.notes.conversations()))
    listed = past.Past(youju)  # type: ignore[arg-type]

    def found(words: str) -> list[str]:
        assert listed.do(session, {"do": "find_past", "find_past": words})
        html = listed.show(session)
        return [key for key in (trees, bridge) if f'data-id="{key}"' in html]

    assert found("") == [trees, bridge]
    assert found("多少株") == [trees]  # the question
    assert found("58亿元") == [bridge]  # the answer
    assert found("园林部门表示") == []  # only of an article that was quoted
    assert found("%") == [trees] and found("_") == [] and found('"number"') == []  # as they stand, not as patterns
    assert ZH.history_no_match.format(words="金星") in (found("金星"), listed.show(session))[1]
    listed.do(session, {"do": "named", "id": bridge, "title": "  <b>江上 </b> "})
    assert found("江上") == [bridge] and "&lt;b&gt;江上 &lt;/b&gt;" in listed.show(session)
    listed.do(session, {"do": "named", "id": bridge, "title": "  "})  # no name at all changes nothing
    drive(youju, session, ask("月球"))  # nor does going on
    assert [c.title for c in youju.notes.conversations() if c.id == bridge] == ["<b>江上 </b>"]
    listed.do(session, {"do": "forget", "id": bridge})
    listed.do(session, {"do": "unforget"})
    assert found("江上") == [bridge]


def test_conversations_of_an_earlier_version_are_one_way(youju: TinyYouju) -> None:
    session = Session("zh")
    drive(youju, session, ask("银杏"), ask("大桥"), ask("月球"))
    for number, text in enumerate(youju.notes.exchanges(session.conversation.id), 1):
        old = {k: v for k, v in json.loads(text).items() if k not in ("after", "today", "written", "stopped", "failed")}
        youju.notes.keep("alt", "银杏", number, json.dumps(old, ensure_ascii=False))
    assert [e.question for e in again(youju, "alt").exchanges] == ["银杏", "大桥", "月球"]


def test_a_damaged_order_is_no_circle() -> None:
    exchanges = [Exchange(n, str(n), after=after, stopped=True) for n, after in ((1, 2), (2, 2), (3, 9))]
    for tip in (1, 2, 3):
        conversation = Conversation(begun=exchanges, tip=tip)
        assert conversation.exchanges[-1].number == tip
        conversation.show(tip)
        assert conversation.exchanges


def test_the_hint_holds_what_the_page_says_of_a_long_question() -> None:
    for t in (ZH, EN):
        assert 'data-most="2000"' in front.hint(t) and "{count}" in front.hint(t)
