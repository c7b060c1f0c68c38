"""True sentences that the check once took for false, each with a false one beside it that it must not pass."""

from __future__ import annotations

import pytest
from answer_samples import article, quotations

from rag.answer.claims.verify import verify
from rag.types import Verdict

CASES = {
    "a bare amount is said as the quotation has it": (
        "海安科技前七月合并营收2,255.5亿元新台币，年减33.5%。海安科技估计，本季营收落在1,021亿至1,089亿元新台币之间。",
        "海安科技前七个月营收多少？",
        "2,255.5亿元新台币",
        "2,155.5亿元新台币",
    ),
    "the thirteenth may be a 号": (
        "演员工会从当地时间13日起开始罢工。14日，成员聚集示威。",
        "7月演员工会从几号开始罢工？",
        "从13号开始罢工。",
        "从15号开始罢工。",
    ),
    "days within which": (
        "铁路部门提示，已购买停运列车车票的旅客，可于30日内办理全额退票手续。",
        "停运列车的票几天内能退？",
        "可于30天内办理全额退票手续。",
        "可于20天内办理全额退票手续。",
    ),
    "to be listed is no place": (
        "2024年公司成功登陆上交所科创板，成为国内数据复制软件第一股。",
        "海安软件2024年在哪个板上市？",
        "2024年在上交所科创板上市。",
        "2023年在深交所创业板上市。",
    ),
    "于 is in no given name": (
        "2024年1月30日，滞留多年的台胞林阿淑在工作站的帮助下，终于回到台湾与家人团聚。",
        "林阿淑是什么时候返回台湾的？",
        "林阿淑于2024年1月30日返回台湾。",
        "林阿妹于2024年1月30日返回台湾。",
    ),
    "our own ministry": (
        "2019年1月29日，外交部发言人耿爽就引渡请求表示强烈不满。",
        "中国外交部发言人对什么表示强烈不满？",
        "中国外交部发言人耿爽对引渡请求表示强烈不满。",
        "中国外交部发言人陆慷对引渡请求表示强烈不满。",
    ),
    "what these three have together is none's own": (
        "新能源、新材料、新一代信息技术将成为南湖的支柱产业，到2025年这三个产业规模争取超2000亿元。",
        "新材料产业2025年的规模目标是多少？",
        "新能源、新材料、新一代信息技术这三个产业规模争取超2000亿元。",
        "新材料产业规模争取超2000亿元。",
    ),
    "a figure in quotation marks is a figure": (
        "南湖基地2023年实现产值10亿元，2022年为8亿元。",
        "南湖基地2023年的产值是多少？",
        "“10亿元”是南湖基地2023年的产值。",
        "“12亿元”是南湖基地2023年的产值。",
    ),
    "who he was before is an office too": (
        "南湖市委书记王进明、市长李国强率领代表团外出考察。",
        "李国强当市长之前担任什么职务？",
        "李国强担任南湖市长。",
        "李国强当市长之前担任南湖市委书记。",
    ),
    "a figure of several things together is none's own": (
        "到2025年，要实现新能源、新材料、新一代信息技术3个产业规模超2000亿元。",
        "新材料产业2025年的规模目标是多少？",
        "新能源、新材料、新一代信息技术3个产业规模超2000亿元。",
        "新材料产业规模超2000亿元。",
    ),
    "the year of a figure may stand behind it": (
        "力争到2025年实现工业开票过万亿元，“十五五”期间实现地区生产总值过万亿元。",
        "两个目标分别是什么时候？",
        "工业开票过万亿的目标时间是2025年。",
        "地区生产总值过万亿的目标时间是2025年。",
    ),
    "since the new year, up to a month": (
        "市场监管局公布数据，截至今年5月，两家平台共销售“小份饭”11.99亿份。",
        "今年前五个月两家平台一共卖掉多少份小份饭？",
        "今年前五个月，两家平台共销售“小份饭”11.99亿份。",
        "今年前四个月，两家平台共销售“小份饭”11.99亿份。",
    ),
    "what a level has become": (
        "南湖市防汛抗旱指挥部决定于昨天12时将该市的防汛三级应急响应提升至二级。",
        "南湖市的防汛响应是几级？",
        "南湖市的防汛响应级别为二级。",
        "南湖市的防汛响应级别为三级。",
    ),
    "what a level was before": (
        "南湖市防汛抗旱指挥部决定于昨天12时将该市的防汛三级应急响应提升至二级。",
        "南湖市的防汛响应提升前是几级？",
        "提升前南湖市的防汛响应级别为三级。",
        "提升前南湖市的防汛响应级别为四级。",
    ),
    "what is not a level may be asked for either way": (
        "南湖市决定将个税起征点从3500元提高到5000元，免费停车时间由15分钟延长至30分钟。",
        "上调之前的起征点是多少？",
        "上调之前起征点是3500元。",
        "上调之前起征点是4500元。",
    ),
    "a clause cut short counts what the one before it counts": (
        "24个列省重大项目已开工12个，525个市级重大项目已开工335个，开工率均达50%左右。",
        "列省重大项目开工了几个，市级的呢？",
        "列省重大项目已经开工了12个，市级的335个。",
        "列省重大项目已经开工了12个，市级的525个。",
    ),
    "somebody is sent": (
        "当地时间16日，总统府宣布，任命前外交部长洛钦为特使。",
        "派谁来当特使？",
        "派洛钦来当特使。",
        "派洛佩来当特使。",
    ),
    "a person behind 由": (
        "县劳动局张建华介绍了劳动合同的订立、变更、解除。",
        "劳动合同由谁来讲？",
        "劳动合同由张建华介绍。",
        "劳动合同由张建国介绍。",
    ),
    "a new generation is no era": (
        "海安光机预计会在2026年推出下一代光刻机EXE5000系列。",
        "海安光机2026年推出的新一代光刻机是什么系列？",
        "海安光机2026年推出的新一代光刻机是EXE5000系列。",
        "海安光机2026年推出的新一代光刻机是EXE6000系列。",
    ),
    "how old a tree is": (
        "园内还有一株超过700年树龄的古紫薇树，见证着历史沧桑。",
        "那棵老紫薇多大岁数了？",
        "古紫薇树有700年树龄。",
        "古紫薇树有900年树龄。",
    ),
    "last night is yesterday evening": (
        "昨晚，南湖轨道交通2号线发生设备故障，有乘客砸玻璃。此前3号线也出过故障。",
        "昨天晚上南湖轨道交通几号线坏了？",
        "昨天晚上南湖轨道交通2号线坏了。",
        "昨天晚上南湖轨道交通4号线坏了。",
    ),
    "the province of a town need not be told": (
        "张某某在江油市搭乘中巴车，掌掴司机，犯妨害安全驾驶罪被判拘役4个月。",
        "四川江油打中巴司机的乘客被定了什么罪？",
        "四川江油打中巴司机的乘客被定了妨害安全驾驶罪。",
        "四川绵阳打中巴司机的乘客被定了妨害安全驾驶罪。",
    ),
    "a time stands behind a colon": (
        "快线7路首末车时间：南湖公交站：6:25/6:55桥西：18:10/18:40。",
        "快线7路早上几点从南湖公交站发车？",
        "6:25/6:55",
        "6:35/6:55",
    ),
    "the year of a meeting is not that of the figure": (
        "今年上半年，南湖市认真落实2022年全国会议精神，持续扩大开放，实际利用外资完成3037万美元。",
        "南湖市2024年上半年利用外资多少？",
        "南湖市2024年上半年实际利用外资3037万美元。",
        "南湖市2021年实际利用外资3037万美元。",
    ),
    "a place in brackets is part of a name": (
        "鞍山缴资的项目包括：北江水务（香港）投资1920万美元建设污水处理项目；光明水务（香港）投资268万美元建设污泥处理项目。",
        "北江水务在鞍山投了多少钱？",
        "北江水务在鞍山投资1920万美元。",
        "北江水务在鞍山投资268万美元。",
    ),
    "十来天 is about ten days": (
        "据统计，影片上映11天，票房已突破23亿元。",
        "影片上映十来天票房多少？",
        "影片上映十来天，票房突破23亿元。",
        "影片上映三十来天，票房突破23亿元。",
    ),
    "what counts people does not count cars": (
        "中方人员共23人，车队有3辆越野车，1辆面包车。",
        "车队多少人，有什么车？",
        "23人，3辆越野车，1辆面包车。",
        "3人，23辆越野车，1辆面包车。",
    ),
    "items of a list do not stand for each other": (
        "徐州、扬州、盐城曾先后提出万亿目标。",
        "哪几个城市提出过万亿目标？",
        "徐州、扬州、盐城。",
        "徐州、扬州、南通。",
    ),
    "the town before 现任 is no person": (
        "扬州市委书记王进健、市长潘国强率团赴合肥考察。",
        "扬州现任市长叫什么名字？",
        "扬州现任市长叫潘国强。",
        "扬州现任市长叫王进健。",
    ),
    "a man whose name looks like a place is none": (
        "区长沈山州，区政协主席陈志奇慰问一线职工。",
        "区政协主席是谁？",
        "区政协主席是陈志奇。",
        "区政协主席是沈山州。",
    ),
    "a total is of what was counted before it": (
        "南湖市确保新增省级以上重点企业100家、总数达到550家，园区总数力争达20个。",
        "南湖市省级以上重点企业总数目标是多少？",
        "南湖市省级以上重点企业总数目标是550家。",
        "南湖市省级以上重点企业总数目标是20个。",
    ),
    "half is 50 %": (
        "沃达玛的年收入一半以上来自食品，而塔及特的年收入中只有20%来自食品。",
        "沃达玛和塔及特的食品各占多少？",
        "沃达玛：50%以上来自食品。",
        "沃达玛：30%来自食品。",
    ),
    "information that is lacking does not deny whom it is about": (
        "现阶段没有Legion眼镜的规格信息，不过南湖公司有望在IFA大展上公布。",
        "Legion眼镜会在哪个展会上公布？",
        "Legion眼镜有望在IFA大展上公布。",
        "Legion眼镜不会在IFA大展上公布。",
    ),
    "a word that the tagger takes for a place is no rival": (
        "3月14日，盐城市召开会议。市委书记周斌强调，要全力突破一批重特大项目，实现新型工业化。",
        "盐城市委书记强调什么？",
        "盐城市委书记周斌强调，要全力突破一批重特大项目。",
        "徐州市委书记周斌强调，要全力突破一批重特大项目。",
    ),
    "a denial beside what it does not deny": (
        "职工租房时可以申请提取公积金；名下有房的职工，不得申请提取公积金。",
        "谁不能申请提取公积金？",
        "名下有房的职工，不得申请提取公积金。",
        "职工租房时不得申请提取公积金。",
    ),
    "a limit is no denial": (
        "LW/T 3052-2018规定，采样间隔不得超过15分钟。",
        "LW/T 3052-2018规定采样间隔不得超过多少分钟？",
        "LW/T 3052-2018规定采样间隔不得超过15分钟。",
        "LW/T 3052-2018规定采样间隔不得超过25分钟。",
    ),
    "to deny is not to admit": (
        "柳湾泵厂厂长宋立群否认停产的传闻。",
        "宋立群怎么说停产的传闻？",
        "宋立群否认停产的传闻。",
        "宋立群证实停产的传闻。",
    ),
    "a plan is not its last year": (
        "力争到2025年工业开票过万亿元，“十五五”期间地区生产总值过万亿元。",
        "两个目标分别是什么时候？",
        "地区生产总值过万亿元是“十五五”期间。",
        "地区生产总值过万亿元是2030年。",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_true_sentence_passes_and_a_false_one_does_not(case: str) -> None:
    text, question, right, wrong = CASES[case]
    evidence = quotations(article(text))
    passed = verify(right, evidence, question, 2024)
    assert passed.verdict is Verdict.SUPPORTED, passed.claims
    assert verify(wrong, evidence, question, 2024).verdict is not Verdict.SUPPORTED


def test_a_name_of_the_question_may_stand_elsewhere_in_the_passage_but_not_in_another() -> None:
    near = article("南湖客机NH1437降落后轮胎爆裂。报道称，该航班从里士满飞往亚特兰大。")
    evidence = quotations(near)
    question = "南湖客机NH1437从哪里飞往哪里？"
    said = "NH1437从里士满飞往亚特兰大。"
    assert verify(said, evidence[1:], question, 2024).verdict is Verdict.SUPPORTED
    assert verify("NH2000从里士满飞往亚特兰大。", evidence[1:], question, 2024).verdict is not Verdict.SUPPORTED
    apart = quotations(article("报道称，该航班从里士满飞往亚特兰大。"))
    assert verify(said, apart, question, 2024).verdict is not Verdict.SUPPORTED


def test_the_town_that_an_article_is_about_need_not_stand_in_each_passage() -> None:
    about = "鞍山市召开会议。" + "会上通报了情况。" * 60 + "\n\n今年上半年，我市实际利用外资3037万美元。"
    evidence = quotations(article(about))
    said, question = "鞍山实际利用外资3037万美元。", "鞍山上半年利用外资多少？"
    assert verify(said, evidence[-1:], question, 2024, evidence).verdict is Verdict.SUPPORTED
    other = quotations(article(about.replace("会上通报", "大连、沈阳的代表到会，会上通报")))
    assert verify(said, other[-1:], question, 2024, other).verdict is not Verdict.SUPPORTED
    assert (
        verify(said.replace("鞍山", "大连"), evidence[-1:], question, 2024, evidence).verdict is not Verdict.SUPPORTED
    )


def test_a_name_alone_answers_who_where_it_stands_behind_an_office() -> None:
    evidence = quotations(article("海安集团董事长、总裁何其新说：“干劲倍增。”消息已核实。"))
    assert verify("何其新", evidence, "董事长是谁？", 2024).verdict is Verdict.SUPPORTED
    for wrong in ("何其多", "已核实"):
        assert verify(wrong, evidence, "董事长是谁？", 2024).verdict is not Verdict.SUPPORTED


def test_the_year_that_was_asked_for_is_no_claim_where_nothing_there_has_a_year() -> None:
    question = "2023年8月初的大水让南湖镇多少亩水稻遭殃？"
    said = "2023年8月初的大水让南湖镇36549亩水稻遭殃。"
    text = "截至8月4日17时，南湖镇农田受灾面积是40963.5亩，其中水稻面积36549亩。"
    assert verify(said, quotations(article(text, year=None)), question, 2024).verdict is Verdict.SUPPORTED
    for other in (
        article(text, year=2021),
        article(f"2021年{text}", year=None),
        article(text.replace("8月", "7月"), year=None),
    ):
        assert verify(said, quotations(other), question, 2024).verdict is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("quote", "question", "said"),
    [
        ("李强会见了法国外长科隆纳。", "王强会见了谁？", "王强会见了法国外长科隆纳。"),
        ("李卫东主持设计了临江大桥。", "张建东主持设计了什么？", "张建东主持设计了临江大桥。"),
        ("张志强获得金奖。", "谁获得金奖？", "张志和获得金奖。"),
        ("王春明获得金奖。", "谁获得金奖？", "王春来获得金奖。"),
        ("建设银行宣布下调利率。", "谁下调利率？", "中国银行宣布下调利率。"),
        ("江苏女排夺得全国冠军。", "谁夺冠？", "中国女排夺得全国冠军。"),
        ("日方外交部表示不满。", "谁表示不满？", "中国外交部表示不满。"),
        ("一期投资10亿元，2021年建成；二期投资20亿元，2024年建成。", "", "投资10亿元的一期建成时间为2024年。"),
    ],
)
def test_a_name_or_a_year_nearly_right_is_wrong(quote: str, question: str, said: str) -> None:
    assert verify(said, quotations(article(quote)), question, 2024).verdict is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        ("由苏州、无锡两市企业联合中标的该项目投资30亿元。", "苏州企业中标的项目投资30亿元。"),
        ("公司在半导体、新材料领域共有员工3000人。", "这家半导体公司有员工3000人。"),
        ("苏州、无锡共同的母亲河太湖面积2338平方公里。", "苏州边上的太湖面积2338平方公里。"),
        ("2019年，集团营收达100亿元，计划在2025年上市。", "营收100亿元的集团上市时间为2025年。"),
    ],
)
def test_what_stands_beside_an_enumeration_or_a_year_is_not_touched(quote: str, said: str) -> None:
    assert verify(said, quotations(article(quote)), "", 2024).verdict is Verdict.SUPPORTED
