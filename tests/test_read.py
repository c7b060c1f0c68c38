from pathlib import Path

import pytest

from rag.errors import IngestError, NotText, UnreadableFile
from rag.ingest import SUFFIXES, load_document
from rag.ingest.read import Extract, file_bytes, read
from rag.ingest.walk import find_files

TEXT = (
    "2月18日，扬州召开“新春第一会”。\r\n大会主题确定为民营经济高质量发展和营商环境的优化提升。\r\nGDP 增长 5.2%。\r\n"
)
TRADITIONAL = (
    "要探討從梨俱吠陀到波你尼時代梵語的發展，可以考察印度教其它文本。這門語言的威望，形成了一股強大的保守力量。"
)


def read_source(path: Path) -> Extract:
    return read(path, file_bytes(path))


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


LONG = "青石码头去年新添了两台吊机，货轮靠岸以后半天就能卸完。\n白水粮仓存粮四万吨，主任说今年的收成比去年好。\n" * 6
PASTED = "芦苇渡口每天开船十二班，末班在傍晚六点。\n渡口的船工一共有九个人。\n"


@pytest.mark.parametrize(
    ("data", "text", "said"),
    [
        (b"%b\xff%b" % (LONG[:75].encode(), LONG[75:].encode()), f"{LONG[:75]}\ufffd{LONG[75:]}", "第 3 行"),
        (LONG.strip().encode()[:-1], f"{LONG.strip()[:-1]}\ufffd", "断在一个字的中间"),
        (LONG.encode() + PASTED.encode("gbk"), LONG + PASTED, "第 13–14 行"),
        (LONG.strip().encode() + PASTED.encode("gbk"), LONG.strip() + PASTED, "第 12–13 行"),
        (b"\xef\xbb\xbf%b\xfe%b" % (LONG[:2].encode(), LONG[2:].encode()), f"{LONG[:2]}\ufffd{LONG[2:]}", "第 1 行"),
        (LONG.encode("gbk") + b"\xff\n", f"{LONG}\ufffd\n", "第 13 行"),
        (b"\xff\xfe" + LONG.encode("utf-16-le")[:-1], f"{LONG[:-1]}\ufffd", "第 12 行"),
        (
            "The pier’s café\n".encode() * 9 + b"\x93 is open\n",
            "The pier’s café\n" * 9 + "\ufffd is open\n",
            "第 10 行",
        ),
        (f"{LONG}\ufffd".encode(), f"{LONG}\ufffd", "第 13 行"),
    ],
    ids=["byte", "cut", "pasted", "pasted-on-a-line", "marked", "gbk", "utf-16", "english", "lost-before"],
)
def test_bytes_that_are_lost_cost_no_more_than_their_place(tmp_path: Path, data: bytes, text: str, said: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert read_source(path).text == text
    told: list[IngestError] = []
    assert load_document(path, warn=told.append).source == text
    assert any(said in error.what[0] for error in told)
    assert all(error.subject == str(path) and all(error.what) and all(error.advice) for error in told)


def test_a_whole_file_is_not_warned_about(tmp_path: Path) -> None:
    for encoding in ("utf-8", "gb18030", "utf-16"):
        (tmp_path / "a.txt").write_bytes(LONG.encode(encoding))
        assert read_source(tmp_path / "a.txt").notes == ()


JAPANESE = "白浜港では昨年、貨物の取扱量が大きく増えました。市長は「新しい倉庫を来年の春に建てる」と話しています。"
KATAKANA = "コンテナターミナルのクレーンがリニューアルしました。"
KOREAN = "푸른항의 창고는 작년에 다시 지어졌다. 시장은 올해 배가 더 많이 들어올 것이라고 말했다."
ENGLISH = "The harbour master’s café reopened in May — “at last”, said the crew. Tickets cost 5 € at the old quay."
RUSSIAN = "Порт открыл новый причал, и грузов стало больше, чем в прошлом году."


@pytest.mark.parametrize("times", [1, 30])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "gb18030"),
        (KATAKANA, "shift_jis"),
        (KATAKANA, "euc_jp"),
        (KOREAN, "euc_kr"),
        (ENGLISH, "cp1252"),
        (LONG, "gb18030"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "gb18030"),
    ],
)
def test_the_neighbours_encodings_are_read_right(tmp_path: Path, text: str, encoding: str, times: int) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes((text * times).encode(encoding))
    source = read_source(path)
    assert source.text == text * times
    assert path.read_bytes().decode(source.encoding) == source.text


@pytest.mark.parametrize(
    ("text", "encoding"), [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"), (JAPANESE, "iso2022_jp"), (KOREAN, "johab")]
)
def test_what_is_in_no_encoding_known_here_is_refused(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes((text * 3).encode(encoding))
    with pytest.raises(NotText, match="UTF-8"):
        read_source(path)
