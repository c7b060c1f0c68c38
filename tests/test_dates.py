import pytest

from rag.ingest.dates import publication_date
from rag.ingest.reasons import explain


@pytest.mark.parametrize(
    "name", ["2024-03-18.txt", "新华日报20240318A03.txt", "要闻_2024_3_18.txt", "2024年3月18日.txt"]
)
def test_a_date_in_the_file_name(name: str) -> None:
    found = publication_date(name, "没有日期的文章。")
    assert found is not None and str(found) == "2024-03-18" and found.precision == "day"


@pytest.mark.parametrize("name", ["004_f8ec59bd59ec0566.txt", "20241399.txt", "1234567890.txt", "第2024号.txt"])
def test_numbers_in_a_file_name_that_are_no_date(name: str) -> None:
    assert publication_date(name, "没有日期的文章。") is None


@pytest.mark.parametrize(
    "line",
    [
        "发布时间：2024-03-18 09:12",
        "2024年3月18日 来源：新华日报",
        "来源：新华日报 2024-03-18",
        "2024-03-18 09:12:33，正文：",
        "新华社南京2024年3月18日电",
        "日期: 2024/3/18",
    ],
)
def test_a_line_at_the_head(line: str) -> None:
    found = publication_date("a.txt", f"标题\n{line}\n当地时间2021年5月6日，他说了一句话。")
    assert found is not None and str(found) == "2024-03-18"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "到2025年，全市工业开票力争突破万亿。",
        "当地时间2022年9月1日，该公司发布了新产品。",
        "2022年8月3日，公安局将嫌疑人抓获。2021年，他曾获奖。",
        "2023年，全市实现产值100亿元。",
        "《2030年可持续发展议程》的目标包括消除贫困。2029年，将有新议程。",
    ],
)
def test_nothing_is_guessed_without_evidence(text: str) -> None:
    assert publication_date("a.txt", text) is None


def test_the_year_is_inferred_and_the_grounds_are_told() -> None:
    text = (
        "3月14日，市里开会。2022年，集团实现销售300亿元。2023年，集团实现销售413亿元，再创新高。"
        "2024年，集团将全力冲刺500亿元。到2025年，全市工业开票过万亿。去年12月5日，项目开工。"
    )
    found = publication_date("a.txt", text)
    assert found is not None and str(found) == "2024-03" and found.precision == "month"
    assert "2024年，集团将" in found.reason and "2023年" in found.reason and "3月14日" in found.reason


def test_without_a_day_only_the_year_is_known() -> None:
    found = publication_date("a.txt", "2023年，全市实现产值100亿元。2024年，全市将新增项目50个。")
    assert found is not None and str(found) == "2024" and found.precision == "year"


@pytest.mark.parametrize("name", ["20240301x.txt", "2024-03-01_x.txt", "2024年3月1日要闻.txt", "20240301093000.txt"])
def test_more_dates_in_file_names(name: str) -> None:
    assert str(publication_date(name, "没有日期的文章。")) == "2024-03-01"
    assert str(publication_date("2024年3月合订本.txt", "没有日期的文章。")) == "2024-03"


def test_a_line_at_the_head_goes_before_the_file_name_and_that_before_the_rest() -> None:
    """A file may be named by the day on which it was saved; 「时间：」 may be that of an event."""
    assert str(publication_date("20240501.txt", "标题\n发布时间：2024-03-18\n正文。")) == "2024-03-18"
    assert str(publication_date("20240501.txt", "通知\n时间：2024年3月18日\n地点：礼堂。")) == "2024-05-01"
    assert str(publication_date("20240501.txt", "新华社南京2024年3月18日电")) == "2024-05-01"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本报南京7月28日电 公司今日发布财报，2023年第二季度营收50亿元，比2022年第二季度增长3%。", "2023-07-28"),
        ("IT之家 1 月 20 日消息，2023年下半年出货量为30万台。", "2024-01-20"),
        ("7月28日消息，2018年7月公司上市。", "None"),  # an anniversary says nothing of the year
        ("7月28日消息，较2022年第二季度增长3%。", "None"),
        ("7月28日消息，2020年第二季度营收50亿元，2022年公司退市。", "None"),
        ("12月28日消息，2023年第一季度营收50亿元。", "None"),  # too long ago to be news
        ("据称7月28日将发布2023年第二季度财报。", "None"),
    ],
)
def test_a_dateline_without_a_year(text: str, expected: str) -> None:
    assert str(publication_date("a.txt", text)) == expected


def test_reasons_are_told_in_english_too() -> None:
    text = (
        "3月14日，市里开会。2022年，集团实现销售300亿元。2023年，集团实现销售413亿元，再创新高。"
        "2024年，集团将全力冲刺500亿元。"
    )
    for name, body, said in (
        ("2024-03-18.txt", "文章。", "a date in the file name: “2024-03-18”"),
        ("a.txt", "发布时间：2024-03-18\n文章。", "the text says “发布时间：2024-03-18”"),
        ("a.txt", text, "as the current year"),
        ("a.txt", text, "it is no earlier than that"),
        ("a.txt", "7月28日消息，2023年第二季度营收50亿元。", "the dateline “7月28日消息，” names no year"),
    ):
        found = publication_date(name, body)
        assert found is not None and said in explain(found, "en")
        assert explain(found) == found.reason
