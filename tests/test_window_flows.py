"""What people do in the window, over the real pipeline with the real embedding model; answers are quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from browser import PATIENCE_MS, find_chromium, opened, serious, shelf

from rag.evaluate import load_questions
from rag.pipeline import Youju
from rag.settings import Settings
from rag.store.notes import Notes
from rag.ui import saved
from rag.ui.texts import EN, ZH

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
expect.set_options(timeout=PATIENCE_MS)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine"),
]
ARTICLE = (
    "城西湿地公园开园\n\n本报讯 5月6日，城西湿地公园正式开园迎客。城西湿地公园占地320公顷，总投资4.6亿元，栽种水杉2万株。\n\n"
    "园区负责人介绍，城西湿地公园预计每年接待游客60万人次。\n"
)
OTHER = "东港大桥通车\n\n东港大桥6月1日通车，全长3.2公里，总投资18亿元。\n"
QUESTION = "城西湿地公园总投资多少？"


class Window(NamedTuple):
    address: str
    youju: Youju
    settings: Settings


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    with shelf(tmp_path_factory.mktemp("window"), {"park.txt": ARTICLE, "bridge.txt": OTHER}) as held:
        yield Window(*held)


@pytest.fixture
def page(browser: playwright.Browser, window: Window) -> Iterator[playwright.Page]:
    with opened(browser, window.address) as one:
        one.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield one


def ask(page: playwright.Page, question: str, number: int = 1) -> playwright.Locator:
    page.fill("#yj-box textarea", question)
    page.press("#yj-box textarea", "Enter")
    done = page.locator(f'#yj-answer [data-exchange="{number}"][data-state="done"]')
    expect(done).to_be_visible()
    return done


def library(page: playwright.Page) -> playwright.Locator:
    page.click("#yj-nav-library")
    table = page.locator("#yj-library-table table")
    expect(table).to_be_visible()
    return table


def test_a_file_dropped_into_the_library_answers_the_next_question(
    page: playwright.Page, window: Window, tmp_path: Path
) -> None:
    (tmp_path / "gbk.txt").write_bytes("南山隧道开工\n\n南山隧道昨日开工，全长5.7公里，总投资33亿元。\n".encode("gbk"))
    (tmp_path / "noise.txt").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "song.mp3").write_bytes(b"ID3")
    library(page)
    page.set_input_files("#yj-pick-files", [tmp_path / name for name in ("gbk.txt", "noise.txt", "song.mp3")])
    report = page.locator(".yj-report")
    expect(report).to_contain_text(f"{ZH.library_added.format(count=1)}，{ZH.library_unread.format(count=2)}")
    failed = report.locator(".yj-failed")
    expect(failed.locator("li", has_text="noise.txt")).to_contain_text("不是文本文件")
    expect(failed.locator("li", has_text="song.mp3")).to_contain_text("不支持这种文件")
    assert str(window.settings.index) not in failed.inner_text()  # names, not where they are kept
    row = page.locator("#yj-library-table tr", has_text="gbk.txt")
    expect(row).to_contain_text("南山隧道开工")
    page.click("#yj-nav-chat")
    expect(ask(page, "南山隧道全长多少？")).to_contain_text("5.7公里")
    expect(page.locator("#yj-side")).to_contain_text("gbk.txt")
    page.click("#yj-nav-library")
    expect(report).to_be_visible()
    report.get_by_role("button", name=ZH.close).click()
    expect(report).to_have_count(0)
    page.reload()  # nor does it come back with the page
    expect(row).to_be_visible()
    expect(report).to_have_count(0)
    row.locator("[data-do=delete]").click()
    expect(row).to_have_count(0)


def test_a_deleted_article_is_gone_from_answers_and_comes_back(page: playwright.Page, window: Window) -> None:
    library(page)
    row = page.locator("#yj-library-table tr", has_text="park.txt")
    row.locator("[data-do=delete]").click()
    expect(page.locator(".yj-said")).to_contain_text("已从资料库删除《城西湿地公园开园》，原文件还在原处")
    expect(row).to_have_count(0)
    assert {hit.document for hit in window.youju.search("城西湿地公园")} == {"bridge.txt"}
    page.click(".yj-said [data-do=undo]")
    expect(row).to_have_count(1)
    page.click("#yj-nav-chat")
    expect(ask(page, QUESTION)).to_contain_text("4.6亿元")


def test_an_answer_whose_article_was_deleted_keeps_its_quotation(page: playwright.Page) -> None:
    ask(page, QUESTION)
    library(page)
    page.locator("#yj-library-table tr", has_text="park.txt").locator("[data-do=delete]").click()
    page.click("#yj-nav-chat")
    expect(page.locator("#yj-answer .yj-sign").first).to_have_attribute("aria-label", ZH.source_gone)
    page.locator("#yj-answer .yj-chip").first.click()
    sheet = page.locator("dialog.yj-dialog")
    expect(sheet.locator("h1")).to_have_text("城西湿地公园开园")
    expect(sheet.locator("mark")).to_contain_text("4.6亿元")
    expect(sheet).to_contain_text(ZH.missing_advice)
    expect(sheet.locator(".yj-dialog-own")).to_be_hidden()
    page.keyboard.press("Escape")
    page.click("#yj-nav-library")
    page.click(".yj-said [data-do=undo]")
    page.click("#yj-nav-chat")
    expect(page.locator("#yj-answer .yj-sign").first).to_have_attribute("aria-label", ZH.supported)


def test_the_list_of_conversations_has_a_way_back(page: playwright.Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.click("#yj-past button")
    page.locator("#yj-history").get_by_role("button", name=ZH.close).click()
    expect(page.locator("#yj-history")).to_be_hidden()


def test_a_date_corrected_by_hand_is_kept_and_shown_with_the_evidence(page: playwright.Page, window: Window) -> None:
    library(page)
    row = page.locator("#yj-library-table tr", has_text="park.txt")
    row.locator("[data-do=edit]").click()
    form = page.locator(".yj-editing form")
    expect(form.locator("[name=title]")).to_be_focused()
    form.locator("[name=date]").fill("去年")
    form.locator("[name=date]").press("Enter")
    expect(form.locator(".yj-wrong")).to_contain_text("“去年”不是日期")
    expect(form.locator("[name=date]")).to_have_attribute("aria-invalid", "true")
    expect(form.locator("[name=date]")).to_be_focused()
    expect(form.locator("[name=date]")).to_have_value("去年")
    form.locator("[name=date]").fill("2023年5月7号")
    form.locator("[name=date]").press("Enter")
    expect(row).to_contain_text("2023-05-07")
    expect(row).to_have_class("yj-saved")
    page.click("#yj-language")
    expect(page.locator(".yj-said")).to_contain_text("Corrected")  # what is said changes with the rest
    page.click("#yj-language")
    expect(row).to_contain_text("人工填写")
    page.click("#yj-nav-chat")
    ask(page, QUESTION)
    expect(page.locator("#yj-side .yj-card").first).to_contain_text("2023-05-07")
    path = next(info.path for info in window.youju.documents() if info.name == "park.txt")
    Path(path).write_text(ARTICLE + "\n园内设有三座观鸟台。\n", encoding="utf-8")
    window.youju.add([Path(path)])  # the file has changed and is read again
    assert next(str(info.date) for info in window.youju.documents() if info.name == "park.txt") == "2023-05-07"


def test_an_article_is_shown_as_it_is_read_beside_the_file_as_given(page: playwright.Page) -> None:
    library(page)
    page.locator("#yj-library-table tr", has_text="bridge.txt").get_by_role("link", name=ZH.library_preview).click()
    both = page.locator("dialog.yj-dialog .yj-both")
    expect(both.locator("pre.yj-source")).to_have_text(OTHER)
    expect(both.locator("section").first).to_contain_text("全长3.2公里")


def test_search_marks_the_words_and_says_why(page: playwright.Page) -> None:
    page.click("#yj-nav-search")
    page.fill("#yj-search-form input", "東港大橋全長")  # traditional characters find simplified ones
    page.keyboard.press("Enter")
    first = page.locator(".yj-result").first
    expect(first).to_contain_text("bridge.txt")
    assert "东港大桥" in first.locator("mark").all_inner_texts()
    expect(first.locator(".yj-reasons")).to_contain_text(re.compile(r"意思第 \d+ 近.*用词第 1 像.*所查的词"))
    first.locator("a.yj-card-title").click()
    expect(page.locator("dialog.yj-dialog h1")).to_have_text("东港大桥通车")
    expect(page.locator("dialog.yj-dialog mark").first).to_be_in_viewport()


def test_search_keeps_to_its_filters(page: playwright.Page) -> None:
    page.click("#yj-nav-search")
    files = page.locator(".yj-result .yj-file")
    page.fill("#yj-search-form [name=words]", "总投资")
    page.select_option("#yj-search-form [name=document]", label="东港大桥通车")
    page.locator("#yj-search-form .yj-primary").click()
    expect(files.first).to_have_text("bridge.txt")
    assert set(files.all_inner_texts()) == {"bridge.txt"}
    expect(page.locator("#yj-search-form [name=words]")).to_have_value("总投资")
    page.fill("#yj-search-form [name=since]", "2030-01-01")
    page.locator("#yj-search-form .yj-primary").click()
    expect(page.locator("#yj-search-results")).to_contain_text(ZH.search_none)
    page.get_by_role("button", name=ZH.search_clear).click()
    expect(files.filter(has_text="park.txt").first).to_be_visible()


def test_a_conversation_survives_and_leaves_as_markdown(page: playwright.Page, window: Window) -> None:
    ask(page, QUESTION)
    ask(page, "东港大桥全长多少？", 2)
    expect(page.locator("#yj-answer").get_by_role("link", name=ZH.history_export)).to_be_visible()
    page.click("#yj-past button")
    history = page.locator("#yj-history")
    expect(history).to_be_visible()
    with page.expect_download() as download:
        history.get_by_role("link", name=ZH.history_export).click()
    assert (
        download.value.suggested_filename.startswith("有据-20")
        and "城西湿地公园总投资多少" in download.value.suggested_filename
    )
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert "4.6亿元" in text and "[^1-1]" in text and "[^1-1]: 《城西湿地公园开园》" in text and "3.2公里" in text
    with closing(Notes(window.settings.index)) as file:  # as another run of the program finds it
        kept = file.exchanges(file.conversations()[0].id)
        assert [exchange.question for exchange in saved.load(kept)] == [QUESTION, "东港大桥全长多少？"]
    page.reload()
    expect(page.locator("#yj-answer")).to_contain_text("3.2公里")  # as it was
    page.click("#yj-clear")
    expect(page.locator("#yj-welcome h1")).to_be_visible()
    expect(page.locator("#yj-history .yj-past[aria-current]")).to_have_count(0)
    page.click("#yj-past button")
    page.locator("#yj-history .yj-past", has_text=QUESTION).first.click()
    expect(page.locator("#yj-earlier")).to_contain_text("4.6亿元")
    expect(page.locator("#yj-answer")).to_contain_text("3.2公里")
    page.locator("#yj-answer .yj-chip").first.click()
    expect(page.locator("dialog.yj-dialog mark").first).to_contain_text("3.2公里")
    page.keyboard.press("Escape")
    ask(page, "它总投资多少？", 3)  # and it goes on where it was


def test_a_judged_answer_becomes_a_question_of_an_evaluation(
    page: playwright.Page, window: Window, tmp_path: Path
) -> None:
    answer = ask(page, QUESTION)
    page.click("#yj-past button")
    expect(page.get_by_role("button", name=ZH.history_judged)).to_be_disabled()
    expect(page.locator("#yj-history")).to_contain_text(ZH.history_judged_none)
    page.keyboard.press("Escape")
    answer.get_by_role("button", name=ZH.judge_good).click()
    expect(answer.get_by_role("button", name=ZH.judge_good)).to_have_attribute("aria-pressed", "true")
    answer = ask(page, "东港大桥总投资多少？", 2)
    answer.locator(".yj-judge > summary").click()
    answer.get_by_label(ZH.fault_beside).check()
    answer.get_by_label(ZH.judge_expected).fill("18亿元")
    answer.get_by_role("button", name=ZH.judge_send).click()
    expect(answer.locator(".yj-judge > summary")).to_have_attribute("aria-pressed", "true")
    page.click("#yj-past button")
    with page.expect_download() as download:
        page.get_by_role("link", name=ZH.history_judged).click()
    file = tmp_path / "judged.jsonl"
    download.value.save_as(file)
    rows = {row.question: row for row in load_questions(file).questions}
    assert rows["东港大桥总投资多少？"].must == (("18亿元",),)
    assert rows["东港大桥总投资多少？"].note == ZH.fault_beside
    assert rows[QUESTION].evidence[0].document == "park.txt"
    answer = page.locator("#yj-earlier").get_by_role("button", name=ZH.judge_good)
    page.keyboard.press("Escape")
    answer.click()  # the same opinion again takes it back
    expect(answer).to_have_attribute("aria-pressed", "false")
    assert [j.good for _, _, j in window.youju.notes.judgements()] == [False]


def test_an_answer_is_copied_with_its_sources(page: playwright.Page) -> None:
    answer = ask(page, QUESTION)
    button = answer.locator("[data-copy]")
    button.click()
    expect(button).to_have_text(ZH.copied)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "4.6亿元" in copied and "[1]" in copied and "park.txt" in copied


def test_a_refusal_offers_what_there_is(page: playwright.Page) -> None:
    answer = ask(page, "火星上有多少人口？")
    expect(answer.locator(".yj-refusal")).to_be_visible()
    expect(page.locator(".yj-card")).to_have_count(0)  # no sources: nothing was said
    near = answer.locator(".yj-near a")
    expect(near.first).to_be_visible()
    near.first.click()
    expect(page.locator("dialog.yj-dialog mark").first).to_be_in_viewport()
    page.keyboard.press("Escape")
    again = answer.locator("[data-run=retry]")
    again.click()
    second = page.locator(
        '#yj-answer [data-exchange="2"][data-state="done"]'
    )  # in the place of the first, as its next version
    expect(second.locator(".yj-refusal")).to_be_visible()
    expect(second.locator(".yj-versions")).to_contain_text("2/2")


def test_the_question_as_understood_can_be_changed(page: playwright.Page) -> None:
    ask(page, QUESTION)
    answer = ask(page, "占地呢？", 2)
    expect(answer).to_contain_text("320公顷")
    understood = answer.locator(".yj-understood")
    understood.locator("summary").click()
    field = understood.locator("textarea")
    field.fill("东港大桥全长多少？")
    understood.get_by_role("button", name=ZH.ask_edited).click()
    expect(page.locator('#yj-answer [data-exchange="3"][data-state="done"]')).to_contain_text("3.2公里")


def test_everything_is_reached_by_keyboard(page: playwright.Page) -> None:
    page.locator("#yj-nav-chat").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#yj-nav-search")).to_be_focused()
    expect(page.locator("#yj-nav-search")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#yj-tab-search")).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator("#yj-nav-settings")).to_be_focused()
    expect(page.locator(".yj-settings")).to_be_visible()
    page.keyboard.press("Home")
    page.locator("body").press("/")
    expect(page.locator("#yj-box textarea")).to_be_focused()


def test_every_tab_changes_its_language(page: playwright.Page) -> None:
    page.click("#yj-language")
    expect(page.locator("#yj-nav-library")).to_have_text(EN.tab_library)
    page.reload()
    expect(page.locator("#yj-nav-library")).to_have_text(EN.tab_library)
    library(page)
    expect(page.locator("#yj-library-drop")).to_contain_text(EN.library_drop)
    expect(page.locator("#yj-library-table th").first).to_have_text(EN.library_title)
    page.click("#yj-nav-search")
    expect(page.locator("#yj-search-form button")).to_have_text(EN.search_go)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_fault_for_a_screen_reader(browser: playwright.Browser, window: Window, scheme: str) -> None:
    with opened(browser, window.address, color_scheme=scheme) as page:
        found = serious(page)
        ask(page, QUESTION)
        found += serious(page)
        page.locator("#yj-answer .yj-chip").first.click()
        expect(page.locator("dialog.yj-dialog mark").first).to_be_visible()
        found += serious(page)
        page.keyboard.press("Escape")
        library(page)
        found += serious(page)
        page.click("#yj-nav-search")
        page.fill("#yj-search-form input", "公园")
        page.keyboard.press("Enter")
        expect(page.locator(".yj-result").first).to_be_visible()
        found += serious(page)
    assert found == []
