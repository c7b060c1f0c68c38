"""The evaluation tab over the real pipeline with the real embedding model; answers are quotations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from browser import PATIENCE_MS, find_chromium, opened, serious, serious_in_both_themes, shelf

from rag.evaluate import kept_results, load_result, to_json
from rag.pipeline import Youju
from rag.ui.runs import KEPT
from rag.ui.texts import EN, ZH

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
expect.set_options(timeout=PATIENCE_MS)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine"),
]
PARK = "城西湿地公园开园\n\n本报讯 5月6日，城西湿地公园正式开园迎客。城西湿地公园占地320公顷，总投资4.6亿元，栽种水杉2万株。\n"
BRIDGE = "东港大桥通车\n\n东港大桥6月1日通车，全长3.2公里，总投资18亿元。\n"
WRONG = "东港大桥总投资多少？"


def lines(cost_of_the_bridge: str) -> str:
    """A set of four questions, one of them without an answer in the articles."""

    def known(key: str, question: str, must: str, file: str, text: str) -> dict[str, object]:
        gold = [{"document": file, "text": text}]
        return {
            "id": key,
            "question": question,
            "type": "number",
            "answerable": True,
            "must": [[must]],
            "evidence": gold,
        }

    rows = [
        known("park", "城西湿地公园总投资多少？", "4.6亿元", "park.txt", "总投资4.6亿元"),
        known("length", "东港大桥全长多少？", "3.2公里", "bridge.txt", "全长3.2公里"),
        known("cost", WRONG, cost_of_the_bridge, "bridge.txt", "总投资18亿元"),
        {"id": "mars", "question": "火星上有多少人口？", "type": "我的题型", "answerable": False},
    ]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


class Window(NamedTuple):
    address: str
    youju: Youju
    folder: Path  # that the program was started in


@pytest.fixture
def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "faulty.jsonl").write_text(lines("20亿元"), encoding="utf-8")
    (tmp_path / "eval" / "mended.jsonl").write_text(lines("18亿元"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with shelf(tmp_path, {"park.txt": PARK, "bridge.txt": BRIDGE}) as (address, youju, _):
        yield Window(address, youju, tmp_path)


@pytest.fixture
def page(browser: playwright.Browser, window: Window) -> Iterator[playwright.Page]:
    with opened(browser, window.address) as one:
        one.click("#yj-nav-evaluation")
        expect(one.locator(".yj-eval-form")).to_be_visible()
        yield one


def run_set(page: playwright.Page, name: str) -> None:
    page.select_option(".yj-eval-form [name=set]", label=name)
    page.click(".yj-eval-form .yj-primary")
    expect(page.locator(".yj-runs [aria-current]")).to_contain_text(name.removesuffix(".jsonl"))


def test_a_run_fills_its_measures_and_shows_where_it_went_wrong(page: playwright.Page, window: Window) -> None:
    run_set(page, "faulty.jsonl")
    correct = page.locator(".yj-rates li").first
    expect(correct).to_contain_text("75.0%")
    expect(correct).to_contain_text("3/4")
    kinds = page.locator(".yj-stacks li > :first-child")
    expect(kinds).to_have_text([ZH.evaluation_every, "数字", "我的题型"])  # a set's own types as it calls them
    faulty = page.locator(".yj-questions button")
    expect(faulty).to_have_count(1)
    faulty.click()
    row = page.locator(".yj-question-row")
    expect(row).to_be_focused()
    expect(row.locator("ul.yj-wanted")).to_have_text("20亿元")
    expect(row.locator(".yj-gold q")).to_have_text("总投资18亿元")
    expect(row.locator(".yj-answer")).to_contain_text("18亿元")
    expect(row.locator(".yj-sign").first).to_have_attribute("aria-label", ZH.supported)
    row.locator(".yj-chip").first.click()
    expect(page.locator("dialog.yj-dialog mark").first).to_contain_text("总投资18亿元")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=ZH.evaluation_show_all.format(count=4)).click()
    expect(page.locator(".yj-questions button")).to_have_count(4)
    page.locator(".yj-questions button", has_text="火星").click()
    expect(row).to_contain_text(ZH.evaluation_wanted_refusal)
    expect(row.locator(".yj-refusal")).to_be_visible()
    kept = kept_results([window.youju.settings.index / KEPT])[0]
    assert (kept.question_set, kept.questions, kept.correct.hits) == ("faulty.jsonl", 4, 3)
    assert to_json(load_result(kept.path)) == json.loads(kept.path.read_text(encoding="utf-8"))  # nothing is lost


def test_two_runs_are_compared_question_by_question(page: playwright.Page) -> None:
    run_set(page, "faulty.jsonl")
    run_set(page, "mended.jsonl")
    page.locator("#yj-evaluation-pair button").click()  # the two latest are chosen
    table = page.locator(".yj-comparison")
    correct = table.locator("tr", has_text=ZH.evaluation_correct)
    expect(correct).to_contain_text("+0.250")
    expect(correct).to_contain_text(f"{ZH.evaluation_better} · {ZH.evaluation_chance}")  # one question proves nothing
    changed = page.locator("#yj-evaluation-comparison .yj-row")
    expect(changed).to_have_count(1)
    expect(changed).to_contain_text(ZH.evaluation_now_right)
    assert serious_in_both_themes(page) == []
    changed.click()
    expect(page.locator(".yj-question-row ul.yj-wanted")).to_have_text("18亿元")


def test_a_stopped_run_is_kept_as_far_as_it_came_and_seen_from_every_page(
    page: playwright.Page, window: Window, browser: playwright.Browser
) -> None:
    asked = json.loads(lines("18亿元").splitlines()[0])
    many = (json.dumps({**asked, "id": str(n)}, ensure_ascii=False) + "\n" for n in range(2000))
    (window.folder / "many.jsonl").write_text("".join(many), encoding="utf-8")
    page.fill(".yj-eval-form [name=file]", "many.jsonl")
    page.click(".yj-eval-form .yj-primary")
    bar = page.locator(".yj-eval-progress progress")
    expect(bar).to_have_attribute("max", "2000")
    expect(page.locator(".yj-rates").first).to_be_visible()  # while it runs
    expect(page.locator(".yj-eval-progress")).to_contain_text("还要")
    with opened(browser, f"{window.address}/#evaluation") as other:
        seen = int(other.locator(".yj-eval-progress progress").get_attribute("value") or 0)
        later = f"Number(document.querySelector('.yj-eval-progress progress')?.getAttribute('value')) > {seen}"
        other.wait_for_function(later)
        page.get_by_role("button", name=ZH.evaluation_stop).click()
        expect(other.locator(".yj-eval-form")).to_be_visible()
    expect(page.locator(".yj-runs [aria-current]")).to_contain_text("many")
    kept = kept_results([window.youju.settings.index / KEPT])[0]
    assert 0 < kept.questions < kept.planned == 2000
    unfinished = ZH.evaluation_unfinished.format(done=kept.questions, planned=2000)
    expect(page.locator(".yj-runs tr", has_text="many").first).to_contain_text(unfinished)
    expect(page.locator("#yj-evaluation-overview")).to_contain_text(unfinished)


def test_judged_answers_are_a_set_and_what_is_wrong_is_said(page: playwright.Page) -> None:
    page.fill(".yj-eval-form [name=file]", "nowhere.jsonl")
    page.click(".yj-eval-form .yj-primary")
    expect(page.locator(".yj-notice")).to_contain_text("nowhere.jsonl")
    page.click("#yj-nav-chat")
    page.fill("#yj-box textarea", WRONG)
    page.press("#yj-box textarea", "Enter")
    page.get_by_role("button", name=ZH.judge_good).click()
    expect(page.get_by_role("button", name=ZH.judge_good)).to_have_attribute("aria-pressed", "true")
    page.click("#yj-nav-evaluation")
    expect(page.locator(".yj-eval-form [name=set]")).to_contain_text(ZH.evaluation_judged)
    page.fill(".yj-eval-form [name=file]", "")
    page.select_option(".yj-eval-form [name=set]", label=ZH.evaluation_judged)
    page.click(".yj-eval-form .yj-primary")
    expect(page.locator(".yj-rates li").first).to_contain_text("1/1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_reached_by_keyboard_and_by_a_screen_reader(
    browser: playwright.Browser, window: Window, scheme: str
) -> None:
    with opened(browser, window.address, color_scheme=scheme) as page:
        page.locator("#yj-nav-chat").focus()
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        expect(page.locator("#yj-nav-evaluation")).to_be_focused()
        page.locator(".yj-eval-form [name=set]").focus()
        for field in ("file", "limit", "retrieval_only"):
            page.keyboard.press("Tab")
            expect(page.locator(f".yj-eval-form [name={field}]")).to_be_focused()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page.locator(".yj-runs [aria-current]")).to_be_visible()
        page.get_by_role("button", name=ZH.evaluation_show_all.format(count=4)).press("Enter")
        page.locator(".yj-questions button").first.press("Enter")
        expect(page.locator(".yj-question-row")).to_be_focused()
        assert serious(page) == []
        page.click("#yj-language")
        expect(page.locator(".yj-eval-form .yj-primary")).to_have_text(EN.evaluation_start)
        expect(page.locator(".yj-rates").first).to_contain_text("Recall@5")
        expect(page.locator(".yj-stacks li > :first-child").nth(1)).to_have_text("number")
