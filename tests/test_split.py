import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest import load_document, split
from rag.ingest.sentences import LONGEST, sentences
from rag.types import BlockKind, Document, Passage

SEEDS = sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    "parts",
    [
        ["他来了。", "她走了！", "真的吗？", "好；也好。"],
        ["他说：“这次会议是动员令。”", "2024年，集团将冲刺。"],
        ["“新春第一会”召开。", "大会很好。"],
        ["面对“怎么干？”的问题，他笑了。", "没有回答。"],
        ["《你好！中国》上映。", "票房很高。"],
        ["产值10074.1亿元，升级到4.0版。", "下一句。"],
        ["“项目在建。效益会更好。”市工信局负责人说。", "会议结束。"],
        ["（记者 张三。李四）开工了。", "完。"],
        ["Dr. Smith paid 3.5 dollars.", 'He said "no."', "Then he left the U.S. market."],
        ["第一行没有句号\n", "第二行也没有"],
        ["真的？！", "是真的。"],
        ["甲说：“今年歉收。”", "乙则说：“不算差。”", "丙答道：“还要看秋天。”"],
        ["村长问：“谁去？”", "老周抢着说：“我去！”", "众人笑了。"],
        ["“今年歉收。”老周在会上说。", "会计小方回应：“账上还有余粮。”", "老周追问：“有多少？”"],
        ["老周说：「够吃了。」", "小方说：『未必。』"],
        ["“够吃了。”", "小方说：“未必。”"],
        ["“够吃了。”老周说，“还能卖一些。”", "小方没有作声。"],
        ["“真快啊！”老周感叹，“三年没见了。”", "两人都笑。"],
        ["“问题不少。”", "这个问题许多人都问过。"],
        ["“够吃了。”老周笑着对记者说。", "记者点头。"],
    ],
)
def test_sentence_ends(parts: list[str]) -> None:
    text = "".join(part if not part.isascii() else part + " " for part in parts)
    assert cut(text) == [part.strip() for part in parts]


def test_a_long_quotation_is_cut_inside() -> None:
    inner = "这是一句不短的话，说的是产业与创新的事情。" * 8
    assert len(cut(f"他说：“{inner}”")) == 8


def test_a_sentence_without_end_is_cut_at_a_comma() -> None:
    text = "一个又一个的分句接在后面，" * 200
    parts = cut(text)
    assert all(len(part) <= LONGEST for part in parts)
    assert all(part.endswith("，") for part in parts)
    assert "".join(parts) == text
    assert "".join(cut("字" * 5000)) == "字" * 5000


@given(st.text(alphabet="天地玄黄a1 。！？，；：“”‘’（）《》.…\n", max_size=300))
def test_sentences_hold_everything_once(text: str) -> None:
    spans = sentences(text, 0, len(text))
    assert re.sub(r"\s", "", "".join(text[a:b] for a, b in spans)) == re.sub(r"\s", "", text)
    assert all(a < b for a, b in spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))


def check(document: Document, passages: tuple[Passage, ...]) -> None:
    for ordinal, passage in enumerate(passages):
        assert passage.id == f"{document.id}:{ordinal}"
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.start == passage.sentences[0].start and passage.end == passage.sentences[-1].end
        windows = {offset for start, end in passage.windows for offset in range(start, end)}
        assert all(set(range(*span)) <= windows for span in passage.sentences)
        assert all(passage.start <= start < end <= passage.end for start, end in passage.windows)
        assert all(end - start <= LONGEST for start, end in passage.windows)
        kinds = {block.kind for block in document.blocks if block.start < passage.end and passage.start < block.end}
        assert BlockKind.FURNITURE not in kinds
        assert kinds == {BlockKind.BODY} or BlockKind.BODY not in kinds
    covered = {offset for passage in passages for span in passage.sentences for offset in range(*span)}
    for block in document.blocks:
        if block.kind is BlockKind.BODY:
            missing = [document.text[at] for at in range(block.start, block.end) if at not in covered]
            assert not "".join(missing).strip()


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name)
def test_the_seeds(path: Path) -> None:
    document = load_document(path)
    passages = split(document)
    check(document, passages)
    body = [passage for passage in passages if len(passage.sentences) > 1 and "\n" not in passage.text[:20]]
    assert all(len(passage.text) <= 600 for passage in passages)
    assert sum(150 <= len(passage.text) <= 350 for passage in body) >= 0.7 * len(body)


def write(folder: Path, text: str) -> Document:
    path = folder / "a.txt"
    path.write_text(text, encoding="utf-8")
    return load_document(path)


def test_passages_overlap_by_a_sentence_and_stop_at_headings(tmp_path: Path) -> None:
    body = "".join(f"第{number}句话说的是产业发展与科技创新，内容不长也不短。" for number in range(40))
    document = write(tmp_path, f"文章的标题在这里\n{body}\n一、第一部分的小标题\n{body}\n扫码关注公众号\n")
    passages = split(document)
    check(document, passages)
    assert document.title == "文章的标题在这里"
    first = [passage for passage in passages if passage.text.startswith("第") and not passage.heading]
    under = [passage for passage in passages if passage.heading == "一、第一部分的小标题"]
    assert len(first) > 2 and len(under) > 2
    for before, after in pairwise(first):
        assert after.sentences[0] == before.sentences[-1]
    assert not any("扫码" in passage.text for passage in passages)


def test_a_torn_heading_goes_to_the_text_it_speaks_of(tmp_path: Path) -> None:
    fill = "这里写的是与此无关的事情，城市的道路修好了，人们都很高兴。" * 8
    salt = (
        "盐城把海上风电装备制造作为主攻方向，海上风电装备出口增长很快。"
        + "码头边的吊车一直忙到深夜，工人们轮流休息。" * 6
    )
    document = write(
        tmp_path,
        f"江苏各市的新动作\n\n{fill}\n\n{salt}\n\n{fill}\n\n盐城：主攻海上风电装备制造\n\n徐州：工程机械走向全球\n",
    )
    headings = {passage.heading for passage in split(document) if "主攻方向" in passage.text}
    assert headings == {"盐城：主攻海上风电装备制造"}
    assert not any(passage.heading.startswith("徐州") for passage in split(document))


def test_a_document_of_one_short_line_can_be_found(tmp_path: Path) -> None:
    for text in ("好", "第3版", "一句话。"):
        document = write(tmp_path, text)
        assert "".join(passage.text for passage in split(document)) == document.text


@pytest.mark.parametrize("text", ["第一章", "第一章\n1.", "来源：某报\n1.\n图片"])
def test_a_file_of_headings_alone_is_one_passage(tmp_path: Path, text: str) -> None:
    path = tmp_path / "short.txt"
    path.write_text(text, encoding="utf-8")
    (passage,) = split(load_document(path))
    assert passage.text == load_document(path).text[passage.start : passage.end]
