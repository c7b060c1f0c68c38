"""What the conversation tab does beside answering: conflicting figures, conversations deleted and brought back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from browser import PATIENCE_MS, find_chromium, opened, out_of_order, own_chinese, serious_in_both_themes, shelf

from rag.pipeline import Youju
from rag.ui import saved
from rag.ui.texts import EN, ZH

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
expect.set_options(timeout=PATIENCE_MS)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine"),
]
EARLY = "2024年2月1日\n\n外贸成绩单公布\n\n2023年，临江市外贸总额达到930亿元，增长3%。\n"
LATE = "2024年3月1日\n\n开放型经济会议召开\n\n会议透露，2023年，临江市外贸总额为950亿元，外贸企业超千家。\n"
QUESTION = "临江市2023年外贸总额是多少？"


class Window(NamedTuple):
    address: str
    youju: Youju


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    with shelf(tmp_path_factory.mktemp("window"), {"early.txt": EARLY, "late.txt": LATE}) as (address, youju, _):
        yield Window(address, youju)


@pytest.fixture
def page(browser: playwright.Browser, window: Window) -> Iterator[playwright.Page]:
    with opened(browser, window.address) as one:
        yield one


def ask(page: playwright.Page, question: str, number: int = 1) -> playwright.Locator:
    page.fill("#yj-box textarea", question)
    page.press("#yj-box textarea", "Enter")
    done = page.locator(f'#yj-answer [data-exchange="{number}"][data-state="done"]')
    expect(done).to_be_visible()
    return done


def test_figures_that_differ_stand_side_by_side(page: playwright.Page) -> None:
    conflict = ask(page, QUESTION).locator(".yj-conflict")
    sides = conflict.locator("article")
    expect(sides).to_have_count(2)
    expect(sides.locator("b")).to_have_text(["950亿元", "930亿元"])  # the newest first
    expect(sides.first).to_contain_text("2024-03-01")
    expect(sides.last.locator("mark")).to_have_text("930亿元")
    left, right = (sides.nth(n).bounding_box() for n in (0, 1))
    assert left and right and left["y"] == right["y"] and left["x"] + left["width"] <= right["x"]
    sides.last.locator("a").click()
    expect(page.locator("dialog.yj-dialog mark").first).to_contain_text("930亿元")
    page.keyboard.press("Escape")
    assert serious_in_both_themes(page) == []


def test_a_deleted_conversation_comes_back_whole(page: playwright.Page, window: Window) -> None:
    ask(page, QUESTION)
    ask(page, "临江市外贸企业有多少家？", 2)
    page.click("#yj-clear")
    page.click("#yj-past button")
    history = page.locator("#yj-history")
    mine = history.locator("li", has_text=QUESTION)
    count = mine.count()
    kept = window.youju.notes.conversations()
    before = window.youju.notes.exchanges(kept[0].id)
    assert len(before) == 2
    mine.first.get_by_role("button", name=ZH.library_delete).click()
    expect(mine).to_have_count(count - 1)
    assert window.youju.notes.exchanges(kept[0].id) == []
    history.get_by_role("button", name=ZH.library_undo).click()
    expect(mine).to_have_count(count)
    assert window.youju.notes.exchanges(kept[0].id) == before
    expect(history.get_by_role("button", name=ZH.library_undo)).to_have_count(0)


def test_the_english_window_is_english_and_its_headings_in_order(page: playwright.Page) -> None:
    """On every tab, with an answer, a refusal and a conflict on it: Chinese is only what articles and people say."""
    page.click("#yj-language")
    expect(page.locator("#yj-send")).to_have_text(EN.send)
    found = {"first page": own_chinese(page) + out_of_order(page)}
    for number, question in enumerate(
        (QUESTION, "火星上有多少人口？", "临江市2027年的外贸总额是多少？", "那增长呢？"), 1
    ):
        ask(page, question, number)
        found[question] = own_chinese(page) + out_of_order(page)
    page.locator("#yj-earlier .yj-chip").first.click()
    expect(page.locator("dialog.yj-dialog mark").first).to_be_visible()
    found["article"] = own_chinese(page)
    page.keyboard.press("Escape")
    for tab in ("search", "library", "evaluation", "settings"):
        page.click(f"#yj-nav-{tab}")
        if tab == "search":
            page.fill("#yj-search-form [name=words]", "外贸")
            page.keyboard.press("Enter")
            expect(page.locator(".yj-result").first).to_be_visible()
        expect(page.locator(f"#yj-tab-{tab}")).to_be_visible()
        found[tab] = own_chinese(page) + out_of_order(page)
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert page.locator("#yj-library-table .yj-reason").first.inner_text().startswith("the text says “2024年")


def test_a_refusal_within_an_article_is_asked_in_all(page: playwright.Page, window: Window) -> None:
    early = next(document for document in window.youju.documents() if document.name == "early.txt")
    page.click(".yj-scope-button")
    page.locator("#yj-scope [name=document]").select_option(early.id)
    expect(page.locator(".yj-scope-button")).to_contain_text(early.title)
    page.keyboard.press("Escape")
    answer = ask(page, "临江市外贸企业有多少家？")
    expect(answer.locator(".yj-refusal")).to_be_visible()
    answer.get_by_role("button", name=ZH.ask_everywhere).click()
    wide = page.locator('#yj-answer [data-exchange="2"][data-state="done"]')
    expect(wide).to_contain_text("超千家")
    expect(wide.locator(".yj-versions")).to_contain_text("2/2")
    expect(wide.locator(".yj-within")).to_have_count(0)
    expect(page.locator(".yj-scope-button")).to_contain_text(early.title)  # of the next question nothing has changed


def test_yesterday_and_last_year_are_the_askers(browser: playwright.Browser, window: Window) -> None:
    """By the browser's clock, which is not the server's: asked in 2024 last year is 2023."""
    with opened(browser, window.address) as page:
        page.clock.install(time="2024-03-05T10:00:00")
        page.reload()
        expect(ask(page, "临江市去年外贸总额是多少？")).to_contain_text("950亿元")
        expect(page.locator("#yj-answer .yj-details")).to_contain_text(ZH.asked_on.format(day="2024-03-05"))
    kept = window.youju.notes.exchanges(window.youju.notes.conversations()[0].id)
    assert [e.query.today.isoformat() for e in saved.load(kept) if e.query and e.query.today] == ["2024-03-05"]
