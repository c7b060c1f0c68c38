"""Office files, web pages and records: what they say, in order, and where each word of it stands."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from small import small_youju

from rag.errors import IngestError, UnreadableFile
from rag.ingest import SUFFIXES, load_document
from rag.ingest.read import apart
from rag.ingest.split import split
from rag.origins import CellOrigin, NodeOrigin, place
from rag.types import BlockKind, Document

TABLE = [["县", "2022年", "2023年", "增幅"], ["东屏县", 12.5, 13, 0.04], ["西岭县", 8, 9.25, 0.156]]
STORY = "2024年3月4日，东屏水库扩建工程开工，总投资3.2亿元。"
PAGE = f"""<!doctype html><html><head><meta charset="{{charset}}"><title>东屏水库扩建开工 - 青河网</title>
<meta property="article:published_time" content="2024-03-05T08:00:00+08:00"></head><body>
<nav><a href="/">首页</a> <a href="/n">要闻</a></nav><article><h1>东屏水库扩建开工</h1><p>{STORY}</p>
<p>工程完工后，总库容由0.8亿立方米增至1.1亿立方米，可供西岭、东屏两县灌溉。</p>
<table><tr><th>县</th><th>2022年</th><th>2023年</th></tr><tr><td>东屏县</td><td>12.5</td><td>13</td></tr></table></article>
<footer>版权所有 青河网</footer></body></html>"""


def saved(make: Callable[[io.BytesIO], None]) -> bytes:
    held = io.BytesIO()
    make(held)
    return held.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "产量"
    sheet.append(["青河市各县粮食产量（万吨）"])
    for row in TABLE:
        sheet.append(row)
    for cell in ("D3", "D4"):
        sheet[cell].number_format = "0.0%"
    hidden = book.create_sheet("草稿")
    hidden.append(["不要给人看的"])
    hidden.sheet_state = "hidden"
    return saved(book.save)


def letter() -> bytes:
    document = docx.Document()
    document.add_heading("东屏水库扩建开工", 0)
    document.add_paragraph(STORY)
    document.add_heading("投资", 1)
    table = document.add_table(0, 2)
    for name, value in (("项目", "投资"), ("大坝", "1.9亿元"), ("泵站", "1.3亿元")):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, value
    changed = document.add_paragraph("工期")
    changed._p.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="1"><w:r><w:t>三年</w:t></w:r></w:ins>'))
    changed._p.append(parse_xml(f'<w:del {nsdecls("w")} w:id="2"><w:r><w:delText>五年</w:delText></w:r></w:del>'))
    control = (
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>业主是青河水务。</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    document.element.body.insert(2, parse_xml(control))
    return saved(document.save)


def slides() -> bytes:
    show = pptx.Presentation()
    for title, body in (("年度汇报", "产值12亿元\n比上年增长8%"), ("明年计划", "新建两座泵站")):
        slide = show.slides.add_slide(show.slide_layouts[1])
        assert slide.shapes.title is not None
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
    show.slides[1].notes_slide.notes_text_frame.text = "泵站造价另议"
    return saved(show.save)


def book() -> bytes:
    chapter = '<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>{}</h1><p>{}</p></body></html>'
    parts = {
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OPS/a.opf"/></rootfiles></container>',
        "OPS/a.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        '<dc:title>青河水利志</dc:title></metadata><manifest><item id="b" href="2.xhtml"/><item id="a" href="1.xhtml"/>'
        '</manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
        "OPS/1.xhtml": chapter.format("第一章 河", "青河长210公里。"),
        "OPS/2.xhtml": chapter.format("第二章 库", STORY),
    }

    def make(held: io.BytesIO) -> None:
        with zipfile.ZipFile(held, "w") as archive:
            for name, text in parts.items():
                archive.writestr(name, text)

    return saved(make)


def mail(page: str) -> bytes:
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
    part = "--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return f"{head}{part}{page}\r\n--b--\r\n".encode()


FILES: dict[str, Callable[[], bytes]] = {
    "a.xlsx": workbook,
    "a.docx": letter,
    "a.pptx": slides,
    "a.epub": book,
    "a.html": lambda: PAGE.format(charset="utf-8").encode(),
    "gbk.html": lambda: PAGE.format(charset="gb2312").encode("gbk"),
    "a.mhtml": lambda: mail(PAGE.format(charset="utf-8")),
    "a.csv": lambda: "\n".join(",".join(map(str, row)) for row in TABLE).encode("gb18030"),
    "a.json": lambda: json.dumps([dict(zip(TABLE[0], row, strict=True)) for row in TABLE[1:]]).encode(),
    "a.jsonl": lambda: "\n".join(
        json.dumps({"title": f"第{n}号公告", "body": STORY * 4, "year": 2020 + n}, ensure_ascii=False) for n in (1, 2)
    ).encode(),
}


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Document]:
    def loaded(name: str) -> Document:
        (tmp_path / name).write_bytes(FILES[name]())
        return load_document(tmp_path / name)

    return loaded


def where(document: Document, words: str) -> str:
    start = document.text.index(words)
    return place(document.regions(start, start + len(words)), document.origins.pages)


@pytest.mark.parametrize("name", FILES)
def test_every_character_is_where_the_document_says(read: Callable[[str], Document], name: str) -> None:
    document = read(name)
    assert document.text and document.title
    assert all(document.text[i] == document.source[document.source_offset(i)] for i in range(len(document.text)))
    for before, block in zip([None, *document.blocks], document.blocks, strict=False):
        assert document.text[block.start : block.end].strip()
        assert block.start == (before.end + 1 if before else 0)
    for passage in split(document):
        assert document.text[passage.start : passage.end] == passage.text
        assert document.regions(passage.start, passage.end)


def test_a_cell_is_found_in_its_sheet_with_the_names_of_its_row_and_column(read: Callable[[str], Document]) -> None:
    document = read("a.xlsx")
    assert (
        document.title == "青河市各县粮食产量（万吨）" and "草稿" not in document.text and "不要" not in document.text
    )
    start = document.text.index("9.25")
    assert document.regions(start, start + 4) == (CellOrigin("产量", "C4"),)
    assert where(document, "9.25") == "工作表“产量” C4"
    assert where(document, "西岭县\t8\t9.25") == "工作表“产量” A4:C4"
    (passage,) = [p for p in split(document) if "西岭县" in p.text]
    row = next(row for row in passage.rows if "西岭县" in document.text[row.start : row.end])
    assert row.read(lambda low, high: document.text[low:high]) == "西岭县：2022年 8万吨；2023年 9.25万吨；增幅 15.6%"


def test_a_letter_is_read_with_what_was_put_in_and_without_what_was_struck(read: Callable[[str], Document]) -> None:
    document = read("a.docx")
    assert document.title == "东屏水库扩建开工"
    assert [document.text[b.start : b.end] for b in document.blocks] == [
        "东屏水库扩建开工",
        STORY,
        "业主是青河水务。",
        "投资",
        "项目\t投资",
        "大坝\t1.9亿元",
        "泵站\t1.3亿元",
        "工期三年",
    ]
    assert [b.kind for b in document.blocks][3:6] == [BlockKind.HEADING, BlockKind.TABLE_HEAD, BlockKind.TABLE_ROW]
    assert where(document, STORY) == "第2段"


def test_slides_and_chapters_come_in_their_order(read: Callable[[str], Document]) -> None:
    show, volume = read("a.pptx"), read("a.epub")
    assert show.title == "年度汇报" and where(show, "新建两座泵站") == "第2张幻灯片"
    assert show.text.index("产值12亿元") < show.text.index("明年计划") < show.text.index("泵站造价另议")
    assert volume.title == "青河水利志" and volume.text.index("青河长210公里") < volume.text.index(STORY)


@pytest.mark.parametrize("name", ["a.html", "gbk.html", "a.mhtml"])
def test_of_a_web_page_the_article_is_read(read: Callable[[str], Document], name: str) -> None:
    document = read(name)
    assert document.title == "东屏水库扩建开工" and str(document.date) == "2024-03-05"
    assert STORY in document.text and "县\t2022年\t2023年\n东屏县\t12.5\t13" in document.text
    assert not {"首页", "要闻", "版权所有"} & set(document.text.split("\n"))
    start = document.text.index(STORY)
    assert document.regions(start, start + 5) == (NodeOrigin("/html/body/article/p[1]"),)


def test_records_are_rows_with_their_names(read: Callable[[str], Document]) -> None:
    for name in ("a.csv", "a.json"):
        document = read(name)
        assert document.text.split("\n")[2] == "西岭县\t8\t9.25\t0.156"
        assert document.blocks[0].kind is BlockKind.TABLE_HEAD
    assert where(read("a.csv"), "西岭县") == "第3行"
    lines = read("a.jsonl")
    assert lines.text.count(STORY) == 8 and "year：2022" in lines.text
    assert where(lines, "第2号公告") == "第2行"


# Each is a kind of file that comes in by mistake, or with intent; none may cost more than itself.
def bomb() -> bytes:
    def make(held: io.BytesIO) -> None:
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", b"\0" * 2**28)

    return saved(make)


def entities() -> bytes:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "笑"}">' for n in range(9))
    xml = f'<?xml version="1.0"?><!DOCTYPE a [{lol}]><container>&l8;</container>'

    def make(held: io.BytesIO) -> None:
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr("META-INF/container.xml", xml)

    return saved(make)


def locked() -> bytes:
    data = bytearray(workbook())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1  # the bit that says: encrypted
    return bytes(data)


def far() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["XFD1048576"] = "远"
    return saved(book.save)


BAD: dict[str, Callable[[], bytes]] = {
    "truncated.docx": lambda: letter()[:3000],
    "truncated.xlsx": lambda: workbook()[:2000],
    "truncated.epub": lambda: book()[:400],
    "flipped.pptx": lambda: bytes(b ^ (i % 97 == 0) for i, b in enumerate(slides())),
    "bomb.docx": bomb,
    "entities.epub": entities,
    "locked.xlsx": locked,
    "fake.docx": lambda: PAGE.format(charset="utf-8").encode(),
    "fake.xls": lambda: workbook()[:100],
    "empty.docx": lambda: b"",
    "blank.html": lambda: b"<html><body></body></html>",
    "deep.json": lambda: b"[" * 100_000,
    "none.jsonl": lambda: "没有一行是记录".encode(),
    "none.mhtml": lambda: b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nhello",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_with_its_reason_and_costs_nothing_else(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BAD[name]())
    with pytest.raises(IngestError) as caught:
        load_document(tmp_path / name)
    assert name in caught.value.subject and all(caught.value.what)
    (tmp_path / "good.xlsx").write_bytes(workbook())
    assert "西岭县" in load_document(tmp_path / "good.xlsx").text


def test_one_cell_far_away_is_no_sheet_of_thousands_of_millions(tmp_path: Path) -> None:
    (tmp_path / "far.xlsx").write_bytes(far())
    with pytest.raises(IngestError) as caught:
        load_document(tmp_path / "far.xlsx")
    assert "没有文字" in caught.value.what[0]  # read to its end, not given up


def test_what_takes_too_long_is_given_up() -> None:
    slow = ("县,产量\n" + "东屏县,12.5\n" * 60_000).encode()
    with pytest.raises(UnreadableFile) as caught:
        apart.read(".csv", "slow.xlsx", slow, seconds=0.01)
    assert "slow.xlsx" in caught.value.subject
    assert "西岭县" in apart.read(".xlsx", "good.xlsx", workbook()).text


def test_a_folder_of_everything_is_searched_and_cited(tmp_path: Path) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    for name, make in FILES.items():
        (folder / name).write_bytes(make())
    (folder / "bad.docx").write_bytes(letter()[:3000])
    with small_youju(tmp_path, {}) as youju:
        report = youju.add([folder])
        assert set(report.added) == set(FILES) and [Path(path).name for path, _ in report.failed] == ["bad.docx"]
        (hit, *_) = youju.search("西岭县2023年粮食产量")
        document = youju.document(hit.passage.document_id)  # out of the store
        assert document.origins and "西岭县" in hit.passage.text
        assert set(youju.add([folder]).unchanged) == set(FILES)


def test_suffixes_are_lower_case_and_once() -> None:
    assert len(set(SUFFIXES)) == len(SUFFIXES) and all(suffix == suffix.lower() for suffix in SUFFIXES)
