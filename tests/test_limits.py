"""Limits, signs and dates in the check: a figure is its value, its unit, its sign and the side it is bound on."""

from __future__ import annotations

import pytest

from rag.answer import verify_answer
from rag.types import Verdict

SUPPORTED, DIFFERS, NOT_FOUND = Verdict.SUPPORTED, Verdict.DIFFERS, Verdict.NOT_FOUND
CASES = [
    # at most, at least, more than, less than
    ("柳湾茶馆的包间加价不得超过20%。", "包间加价最高20%。", SUPPORTED),
    ("柳湾茶馆的包间加价不得超过20%。", "包间加价上限为20%。", SUPPORTED),
    ("柳湾茶馆的包间加价不得超过20%。", "包间加价不超过20%。", SUPPORTED),
    ("柳湾茶馆的包间加价不得超过20%。", "包间加价控制在20%以内。", SUPPORTED),
    ("柳湾茶馆的包间加价不得超过20%。", "包间加价超过20%。", DIFFERS),
    ("柳湾茶馆的包间加价不得超过20%。", "包间加价不低于20%。", DIFFERS),
    ("柳湾茶馆的包间加价不得超过20%。", "包间加价在20%以上。", DIFFERS),
    ("采样间隔不能逾90秒。", "采样间隔至多90秒。", SUPPORTED),
    ("采样间隔不能逾90秒。", "采样间隔不得超过90秒。", SUPPORTED),
    ("采样间隔不能逾90秒。", "采样间隔逾90秒。", DIFFERS),
    ("渡船每班限载40人。", "渡船每班最多40人。", SUPPORTED),
    ("渡船每班限载40人。", "渡船每班至少40人。", DIFFERS),
    ("渡船每班不准超过40人。", "渡船每班不得少于40人。", DIFFERS),
    ("每次冲洗不少于8分钟。", "每次冲洗至少8分钟。", SUPPORTED),
    ("每次冲洗不少于8分钟。", "每次冲洗不超过8分钟。", DIFFERS),
    ("藻华面积没有超过12平方公里。", "藻华面积不到12平方公里。", SUPPORTED),
    ("藻华面积没有超过12平方公里。", "藻华面积超过12平方公里。", DIFFERS),
    ("投诉3小时内答复。", "投诉3小时以上答复。", DIFFERS),
    ("投诉3小时内答复。", "投诉3小时内答复。", SUPPORTED),
    ("头车6时20分发车，加价不得超过20%。", "头车6时超过20分发车。", DIFFERS),
    # 多 and 余 within a number
    ("柳湾镇补助100多万元。", "柳湾镇补助一百余万元。", SUPPORTED),
    ("柳湾镇补助100多万元。", "柳湾镇补助100万元以上。", SUPPORTED),
    ("柳湾镇补助100多万元。", "柳湾镇补助100元。", DIFFERS),
    ("柳湾镇补助100多万元。", "柳湾镇补助1万元。", DIFFERS),
    ("柳湾镇补助100多万元。", "柳湾镇补助不到100万元。", DIFFERS),
    ("展会来了十几万人。", "展会来了10多万人。", SUPPORTED),
    ("展会来了十几万人。", "展会来了几万人。", DIFFERS),
    ("门店有260家。", "门店有数百家。", SUPPORTED),
    ("门店有数百家。", "门店有100家。", DIFFERS),
    # signs
    ("柳湾药业去年净利润-2亿元。", "柳湾药业去年净利润2亿元。", DIFFERS),
    ("柳湾药业去年净利润－2亿元。", "柳湾药业去年净利润−2亿元。", SUPPORTED),
    ("柳湾药业去年净利润-2亿元。", "柳湾药业去年亏损2亿元。", SUPPORTED),
    ("柳湾药业去年净利润-2亿元。", "柳湾药业去年盈利2亿元。", DIFFERS),
    ("柳湾药业去年亏损2亿元。", "柳湾药业去年净利润2亿元。", DIFFERS),
    ("柳湾药业去年亏损2亿元。", "柳湾药业去年盈利2亿元。", DIFFERS),
    ("柳湾港吞吐量同比增长-4.5%。", "柳湾港吞吐量同比下降4.5%。", SUPPORTED),
    ("柳湾港吞吐量同比增长-4.5%。", "柳湾港吞吐量同比增长4.5%。", DIFFERS),
    ("柳湾港吞吐量同比负增长4.5%。", "柳湾港吞吐量同比增长4.5%。", DIFFERS),
    ("柳湾港吞吐量同比负增长4.5%。", "柳湾港吞吐量同比下降4.5%。", SUPPORTED),
    ("冷库温度为零下18度。", "冷库温度为-18℃。", SUPPORTED),
    ("冷库温度为零下18度。", "冷库温度为18度。", DIFFERS),
    ("探头量程为零下30至50摄氏度。", "探头量程为-30℃至50℃。", SUPPORTED),
    ("探头量程为零下30至50摄氏度。", "探头量程为30至50摄氏度。", DIFFERS),
    # what no calendar and no clock holds
    ("年会于4月24日召开。", "年会于14月24日召开。", NOT_FOUND),
    ("年会于2月20日召开。", "年会于2月30日召开。", NOT_FOUND),
    ("年会于2023年2月28日召开。", "年会于2023年2月29日召开。", NOT_FOUND),
    ("年会于二月三日召开。", "年会于二月三十日召开。", NOT_FOUND),
    ("年会于2024-03-20召开。", "年会于2024-13-20召开。", NOT_FOUND),
    ("年会3月召开。", "年会13月召开。", NOT_FOUND),
    ("头车6时发车。", "头车26时发车。", NOT_FOUND),
    ("头车6时20分发车。", "头车6时80分发车。", NOT_FOUND),
    ("头车6时20分发车。", "头车六时二十分发车。", SUPPORTED),
    ("游戏名叫《八月三十二日》，又叫8月32日。", "游戏又叫8月32日。", SUPPORTED),
    ("两队战成25:23，大盘跌36点。", "两队战成25:23，大盘跌36点。", SUPPORTED),
]


@pytest.mark.parametrize(("source", "said", "verdict"), CASES)
def test_a_figure_and_its_limit(source: str, said: str, verdict: Verdict) -> None:
    checked = verify_answer(said, [source])
    assert checked.verdict is verdict, checked.sentences
