from pathlib import Path

import pytest

from rag.errors import NotText, UnreadableFile
from rag.ingest import SUFFIXES, load_document
from rag.ingest.read import read_source
from rag.ingest.walk import find_files

TEXT = (
    "2月18日，扬州召开“新春第一会”。\r\n大会主题确定为民营经济高质量发展和营商环境的优化提升。\r\nGDP 增长 5.2%。\r\n"
)
TRADITIONAL = (
    "要探討從梨俱吠陀到波你尼時代梵語的發展，可以考察印度教其它文本。這門語言的威望，形成了一股強大的保守力量。"
)


@pytest.mark.parametrize(
    ("encode", "encoding"),
    [
        (lambda text: text.encode("utf-8"), "utf-8"),
        (lambda text: text.encode("utf-8-sig"), "utf-8"),
        (lambda text: text.encode("utf-16"), "utf-16-le"),
        (lambda text: b"\xfe\xff" + text.encode("utf-16-be"), "utf-16-be"),
        (lambda text: text.encode("utf-16-le"), "utf-16-le"),
        (lambda text: text.encode("utf-16-be"), "utf-16-be"),
        (lambda text: text.encode("gbk"), "gb18030"),
        (lambda text: text.encode("gb18030"), "gb18030"),
    ],
)
def test_every_encoding_reads_to_the_same_text(tmp_path: Path, encode, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(encode(TEXT))
    source = read_source(path)
    assert source.text == TEXT
    assert source.encoding == encoding


def test_big5_is_told_from_gb18030(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TRADITIONAL.encode("big5"))
    assert read_source(path).text == TRADITIONAL
    path.write_bytes(TRADITIONAL.encode("gb18030"))
    assert read_source(path).text == TRADITIONAL


@pytest.mark.parametrize("text", ["扬州", "会议", "A", "你好，世界", "第一章 总则", "short"])
def test_short_texts_in_utf8_and_gbk(tmp_path: Path, text: str) -> None:
    for encoding in ("utf-8", "gbk"):
        path = tmp_path / "a.txt"
        path.write_bytes(text.encode(encoding))
        assert read_source(path).text == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \r\n\t\n",
        "\ufeff\u3000\n".encode(),
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x00",
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
        b"PK\x03\x04\x14\x00\x06\x00",
        "有字\x00的".encode(),
        b"plain but \x07 bell",
        bytes(range(256)) * 8,
        "中文的内容很长，这里有很多的字，可是文件被截断了。".encode() * 20 + b"\xe4\xb8",
    ],
)
def test_what_is_no_text(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(NotText) as caught:
        read_source(path)
    assert caught.value.subject == str(path)
    assert all(caught.value.advice)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read_source(tmp_path / "missing.txt")
    with pytest.raises(UnreadableFile):
        read_source(tmp_path)


def test_the_sum_is_of_the_bytes_and_the_id_of_the_place(tmp_path: Path) -> None:
    path = tmp_path / "2024-03-18 要闻.txt"
    path.write_text("扬州召开大会。", encoding="utf-8")
    first = load_document(path)
    path.write_text("盐城召开大会。", encoding="utf-8")
    second = load_document(path, name="另一个名字")
    assert first.id == second.id and len(first.id) == 16
    assert first.sha256 != second.sha256
    assert first.name == path.name and second.name == "另一个名字"
    assert str(first.date) == "2024-03-18" and second.date is None
    assert Path(first.path).is_absolute()


def test_find_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.TXT", "deep/c.txt", ".hidden.txt", ".git/d.txt", "picture.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("字", encoding="utf-8")
    found = find_files([tmp_path, tmp_path / "b.txt"], SUFFIXES)
    assert [path.relative_to(tmp_path).as_posix() for path in found.files] == ["a.TXT", "b.txt", "deep/c.txt"]
    assert not found.failed and not found.passed
    assert find_files([tmp_path / ".hidden.txt"], SUFFIXES).files == [tmp_path / ".hidden.txt"]
    picture, missing = find_files([tmp_path / "picture.png", tmp_path / "missing"], SUFFIXES).failed
    assert isinstance(picture, NotText) and ".txt" in picture.advice[1]
    assert isinstance(missing, UnreadableFile)


def test_a_few_characters_that_were_lost_before_do_not_cost_the_file(tmp_path: Path) -> None:
    path = tmp_path / "web.txt"
    text = "青石镇图书馆今年购书三千册，馆长\ufffd远说，读者比去年多了一倍。" + "图书馆每天开到晚上九点。" * 9
    path.write_text(text, encoding="utf-8")
    assert load_document(path).source == text
    path.write_text("图书馆\ufffd\ufffd购书", encoding="utf-8")
    with pytest.raises(NotText):
        load_document(path)
