"""Saved error pages, waiting pages and three words are no articles; what only speaks of them is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from indexing_fakes import open_quick

from rag.ingest.hollow import hardly_any, no_article
from rag.pipeline import Youju

GOOD = "龙口水厂每天供水二十五万吨，厂长是柯文宁。水厂今年要换三台水泵。"
NONE = [
    "404 Not Found",
    "404",
    "HTTP Status 500 – Internal Server Error\nApache Tomcat/9.0.1",
    "<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>",
    '{"code": 500, "msg": "服务器内部错误", "data": null}',
    '{"error": "not_found"}',
    '{"status": 404, "error": "Not Found", "path": "/news/7", "timestamp": "2024-03-01T00:00:00"}',
    '{"success": false, "message": "请求过于频繁，请稍后再试"}',
    '{"code": 0, "data": null}',
    "您访问的页面不存在",
    "抱歉，您要访问的页面可能已被删除、更名或暂时不可用！\n5秒后自动返回首页\n返回首页 | 联系我们\n龙口新闻网 版权所有",
    "页面走丢了，去首页看看",
    "该内容已被作者删除",
    "正在加载",
    "加载中，请稍候…",
    "Loading...",
    "请开启JavaScript",
    "请开启 JavaScript 后继续浏览本网站。",
    "We're sorry but this site doesn't work properly without JavaScript enabled. Please enable it to continue.",
    "Just a moment...\nChecking your browser before accessing the site.",
    "访问过于频繁，请输入验证码",
    "系统维护中，请稍后再试",
    "对不起，您没有权限访问该页面，请先登录",
    '<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><RequestId>5F3</RequestId></Error>',
    "<html><head><script>var a = 1;</script></head><body></body></html>",
    "……",
]
ARTICLES = [
    GOOD,
    "灯塔高42米。",
    "市民反映，龙口镇的网站打开后显示“404 Not Found”。网信办表示将于3日内修复。",
    "龙口新闻网昨日改版，旧链接一度都指向“您访问的页面不存在”，技术人员半小时后恢复。",
    "404页面设计比赛揭晓\n龙口中学的学生为镇图书馆设计了新的404页面，一等奖是林小雨。",
    "龙口医院系统维护，挂号中止两小时，三千人受影响，院长王立致歉。",
    "请先登录平台再预约：龙口博物馆3月起实行预约参观，每天放票两千张。",
    "Loading docks at the new harbour opened on Monday. Three ships were served.",
    "The old page of the harbour office was not found until 2019, when a clerk opened the third drawer of the desk.",
    "푸른항의 창고는 다시 지어졌다.",
    "The old quay reopened.",
    '{"title": "龙口港扩建", "content": "龙口港今年扩建泊位六个。"}',
    f"旧网址打开后是“页面不存在”。{GOOD * 30}",
]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_article(text: str) -> None:
    reason = no_article(text)
    assert reason is not None and all(reason)


@pytest.mark.parametrize("text", ARTICLES)
def test_what_is_one(text: str) -> None:
    assert no_article(text) is None and not hardly_any(text)


@pytest.mark.parametrize("text", ["你好", "测试文件", "hello big world", "TODO", "无标题"])
def test_three_words(text: str) -> None:
    assert hardly_any(text)


@pytest.fixture
def youju(tmp_path: Path) -> Iterator[Youju]:
    with open_quick(tmp_path / "index") as opened:
        yield opened


@pytest.mark.parametrize("text", [*NONE, "测试文件", "", " \n"])
def test_none_of_them_takes_the_place_of_an_article(youju: Youju, tmp_path: Path, text: str) -> None:
    path = tmp_path / "水厂.txt"
    path.write_text(GOOD, encoding="utf-8")
    youju.add([path])
    path.write_text(text, encoding="utf-8")
    report = youju.add([path])
    ((failed, (zh, en)),) = report.failed
    assert failed == str(path) and zh.startswith(failed) and en.startswith(failed)
    assert not report.replaced and not report.removed
    (info,) = youju.documents()
    assert youju.document(info.id).source == GOOD
    path.write_text(f"{GOOD}水厂还要修一条路。", encoding="utf-8")
    assert youju.add([path]).replaced == (path.name,), "and the next good one does"


def test_a_new_error_page_is_refused_and_three_words_are_warned_about(youju: Youju, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NONE[0], encoding="utf-8")
    (tmp_path / "b.txt").write_text("测试文件", encoding="utf-8")
    report = youju.add([tmp_path / "a.txt", tmp_path / "b.txt"])
    assert report.added == ("b.txt",)
    assert [Path(path).name for path, _ in report.failed] == ["a.txt"]
    assert [Path(path).name for path, _ in report.noted] == ["b.txt"]
    (tmp_path / "b.txt").write_text(GOOD, encoding="utf-8")
    assert youju.add([tmp_path / "b.txt"]).replaced == ("b.txt",)


def test_an_article_that_shrinks_to_a_line_is_updated_and_told(youju: Youju, tmp_path: Path) -> None:
    path = tmp_path / "水厂.txt"
    path.write_text(GOOD * 30, encoding="utf-8")
    youju.add([path])
    path.write_text("本文正在修订，过几天再发布完整的内容。", encoding="utf-8")
    report = youju.add([path])
    assert report.replaced == (path.name,) and len(report.noted) == 1 and "缩成" in report.noted[0][1][0]
