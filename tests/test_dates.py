import pytest

from rag.ingest.dates import publication_date


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
