"""Questions and searches within some of the articles only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from browser import PATIENCE_MS, find_chromium, opened, serious_in_both_themes, shelf

from rag.pipeline import Youju
from rag.ui.texts import ZH

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
expect.set_options(timeout=PATIENCE_MS)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine"),
]
PARK = "城西湿地公园开园\n\n2023年5月7日\n\n城西湿地公园占地320公顷，总投资4.6亿元。\n"
BRIDGE = "东港大桥通车\n\n2024年6月2日\n\n东港大桥6月1日通车，全长3.2公里，总投资18亿元。\n"
QUESTION = "总投资多少？"
BOX = "#yj-box textarea"


class Window(NamedTuple):
    address: str
    youju: Youju


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    with shelf(tmp_path_factory.mktemp("window"), {"park.txt": PARK, "bridge.txt": BRIDGE}) as (address, youju, _):
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


def found_in(page: playwright.Page) -> set[str]:
    return set(page.locator("#yj-current .yj-file").all_text_contents())


def test_a_question_keeps_to_the_scope_that_stands_beside_it(page: playwright.Page) -> None:
    button = page.locator(".yj-scope-button")
    expect(button).to_have_text(f"{ZH.scope}：{ZH.scope_all}▾")
    button.focus()
    page.keyboard.press("Enter")
    sheet = page.locator("#yj-scope")
    expect(sheet).to_be_visible()
    assert serious_in_both_themes(page) == []
    sheet.locator("[name=document]").select_option(label="东港大桥通车")
    expect(button).to_contain_text("东港大桥通车")
    expect(sheet).to_be_visible()  # there is more to choose
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    answer = ask(page, f"东港大桥{QUESTION}")
    expect(answer).to_contain_text("18亿元")
    expect(answer.locator(".yj-within")).to_contain_text("东港大桥通车")
    assert found_in(page) == {"bridge.txt"}
    expect(ask(page, "城西湿地公园占地多少公顷？", 2)).not_to_contain_text("320")
    page.wait_for_timeout(500)  # the connection that brought the answer has closed
    page.reload()  # it is kept with the conversation
    expect(page.locator("#yj-answer .yj-within")).to_contain_text("东港大桥通车")
    expect(button).to_contain_text("东港大桥通车")
    page.click("#yj-clear")
    expect(button).to_contain_text(ZH.scope_all)
    button.click()
    expect(sheet.locator("[name=document]")).to_have_value("")  # a field that was used says what counts, too
    page.keyboard.press("Escape")
    expect(ask(page, "城西湿地公园占地多少公顷？").locator(".yj-within")).to_have_count(0)
    expect(page.locator("#yj-answer")).to_contain_text("320公顷")


def test_a_scope_without_articles_says_so(page: playwright.Page) -> None:
    page.click(".yj-scope-button")
    page.fill("#yj-scope [name=since]", "2030-01-01")
    expect(page.locator(".yj-scope-button")).to_contain_text("2030-01-01 起")
    page.keyboard.press("Escape")
    expect(ask(page, QUESTION).locator(".yj-refusal")).to_contain_text(ZH.scope_empty.format(scope="2030-01-01 起"))


def test_an_article_is_chosen_whatever_its_id_begins_with(browser: playwright.Browser, tmp_path: Path) -> None:
    """An id may begin with 0, as an unfinished year of a date does."""

    def id_of(name: str) -> str:
        return hashlib.sha256(str(tmp_path / "articles" / name).encode()).hexdigest()

    name = next(name for name in map("{}.txt".format, range(1000)) if id_of(name).startswith("0"))
    with shelf(tmp_path, {name: PARK, "bridge.txt": BRIDGE}) as (address, youju, _), opened(browser, address) as page:
        assert any(document.id.startswith("0") for document in youju.documents())
        page.click(".yj-scope-button")
        page.locator("#yj-scope [name=document]").select_option(label="城西湿地公园开园")
        expect(page.locator(".yj-scope-button")).to_contain_text("城西湿地公园开园")


def test_filters_search_by_themselves_and_are_cleared_together(page: playwright.Page) -> None:
    page.click("#yj-nav-search")
    form, files = page.locator("#yj-search-form"), page.locator(".yj-result .yj-file")
    form.locator("[name=document]").select_option(label="城西湿地公园开园")  # before there is anything to look for
    form.locator("[name=words]").fill("总投资")
    form.locator("[name=words]").press("Enter")
    expect(files.first).to_have_text("park.txt")
    assert set(files.all_inner_texts()) == {"park.txt"}
    form.locator("[name=document]").select_option(label="东港大桥通车")
    expect(files.first).to_have_text("bridge.txt")
    form.locator("[name=until]").fill("2023-12-31")
    expect(page.locator("#yj-search-results")).to_contain_text(ZH.search_none)
    form.get_by_role("button", name=ZH.search_clear).click()
    expect(files.filter(has_text="park.txt").first).to_be_visible()
    expect(files.filter(has_text="bridge.txt").first).to_be_visible()
    for name in ("document", "since", "until"):
        expect(form.locator(f"[name={name}]")).to_have_value("")


def test_what_was_searched_within_is_asked_within(page: playwright.Page) -> None:
    page.click("#yj-nav-search")
    form = page.locator("#yj-search-form")
    form.locator("[name=document]").select_option(label="城西湿地公园开园")
    form.get_by_role("button", name=ZH.search_ask).click()
    expect(page.locator("#yj-box textarea")).to_be_focused()
    expect(page.locator(".yj-scope-button")).to_contain_text("城西湿地公园开园")
    expect(ask(page, f"公园{QUESTION}")).to_contain_text("4.6亿元")
    assert found_in(page) == {"park.txt"}


def test_ticked_articles_are_asked_within(page: playwright.Page) -> None:
    page.click("#yj-nav-library")
    for name in ("bridge.txt", "park.txt"):
        page.locator("#yj-library-table tr", has_text=name).locator("[data-tick]").check()
    bar = page.locator(".yj-ticked")
    expect(bar).to_contain_text(ZH.library_ticked.format(count=2))
    page.locator("#yj-library-table tr", has_text="park.txt").locator("[data-tick]").uncheck()
    expect(bar).to_contain_text(ZH.library_ticked.format(count=1))
    page.fill("#yj-library-find input", "东港")  # the table is drawn anew
    expect(page.locator("#yj-library-table [data-tick]")).to_have_count(1)
    expect(page.locator("#yj-library-table [data-tick]")).to_be_checked()
    bar.get_by_role("button", name=ZH.library_ask).click()
    expect(page.locator(BOX)).to_be_focused()
    expect(page.locator(".yj-scope-button")).to_contain_text("东港大桥通车")
    expect(ask(page, f"东港大桥{QUESTION}")).to_contain_text("18亿元")
    assert found_in(page) == {"bridge.txt"}
    page.go_back()
    page.click("#yj-nav-library")
    bar.get_by_role("button", name=ZH.library_untick).click()
    expect(bar).to_have_count(0)
    expect(page.locator("[data-tick]:checked")).to_have_count(0)


def test_a_passage_found_is_asked_about(page: playwright.Page) -> None:
    page.click("#yj-nav-search")
    page.fill("#yj-search-form [name=words]", "湿地公园")
    page.keyboard.press("Enter")
    first = page.locator(".yj-result").first
    expect(first).to_contain_text("park.txt")
    page.reload()  # it is made again
    expect(page.locator("#yj-search-form [name=words]")).to_have_value("湿地公园")
    expect(first).to_contain_text("park.txt")
    first.get_by_role("button", name=ZH.search_ask_this).click()
    expect(page.locator(BOX)).to_be_focused()
    expect(page.locator(".yj-scope-button")).to_contain_text("城西湿地公园开园")
    expect(ask(page, f"公园{QUESTION}")).to_contain_text("4.6亿元")
    assert found_in(page) == {"park.txt"}
