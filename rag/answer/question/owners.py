"""Whom a follow-up speaks of: 「公司有多少人」, 「该院…」, 「保研率是多少」 after a question that named the company, the school.

By rule, from closed lists of words that name a kind of thing (公司) or belong to one (董事长, 产能). What is not in the lists
is left alone: a question that stands by itself must not be given another's subject.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.text.cities import cities
from rag.answer.text.words import names, places, tagged
from rag.answer.when.times import times

NAME_TAGS = ("ns", "nr", "nt", "nz", "nrt", "nrfg")
# What a thing is, at the end of its name.
HEAD_NOUNS = frozenset(
    "项目 公司 集团 企业 工厂 基地 产业园 园区 开发区 高新区 经开区 方案 行动 计划 大会 会议 会 大学 学院 学校 医院 银行 "
    "工程 车间 中心 平台 实验室 研究院 协会 政府 局 委员会 法院 机场 港口 铁路 大桥 电站 条例 办法 意见 白皮书 产品 平台".split()
)
_HEADS = tuple(noun for noun in HEAD_NOUNS if len(noun) > 1)
# A kind said alone or after 该, 这家 → how the names end that it can stand for. 企业, 政府 and 大学 alone speak of all of them.
_ENDS = {
    "学校": ("大学", "学院", "学校", "中学", "小学", "附中", "附小"),
    "公司": ("公司", "集团", "企业", "银行"),
    "集团": ("集团", "公司"),
    "项目": ("项目", "工程"),
    "工程": ("工程", "项目"),
    "会议": ("会议", "大会", "论坛", "峰会"),
    "大会": ("大会", "会议"),
    "园区": ("园区", "产业园", "开发区", "高新区", "经开区", "科技园"),
    "工厂": ("工厂", "厂"),
    "球队": ("球队", "俱乐部", "队"),
    "院": ("学院", "医院", "研究院", "科学院", "法院", "检察院", "剧院", "博物院", "设计院"),
    "馆": ("博物馆", "图书馆", "美术馆", "纪念馆", "体育馆", "科技馆", "展览馆"),
} | {
    kind: (kind,)
    for kind in "学院 医院 基地 产业园 机场 港口 大桥 电站 研究院 实验室 协会 平台 论坛 银行 博物馆 图书馆 俱乐部".split()
}
_ENDS |= {"校": _ENDS["学校"], "大学": ("大学",), "企业": _ENDS["公司"], "厂": _ENDS["工厂"], "队": _ENDS["球队"]}
_BARE = frozenset(_ENDS) - frozenset("院 馆 校 厂 队 企业 大学".split())
_PLACE_KINDS = frozenset("市 县 省 区 国 州 镇 村 岛 城市 国家 地区 省份".split())
# What belongs to somebody: a question that begins with it and names nobody lacks whose it is.
_OF_SCHOOLS = frozenset(
    "学生 本科生 研究生 硕士生 博士生 硕士 博士 毕业生 新生 留学生 教师 老师 师资 师资力量 师生 校友 保研率 保研 升学率 升学 就业率 "
    "招生人数 招生 录取 分数线 录取线 学费 学制 校训 校长 校区 校园 院系 系别".split()
)
_OF_COMPANIES = frozenset(
    "员工 职工 雇员 高管 营收 营业收入 营业额 净利润 利润 毛利率 毛利 市值 股价 股东 子公司 董事长 总经理 总裁 首席执行官 创始人 老板 "
    "总部 注册资本 主营业务 股票代码 研发投入 研发费用 法人 法人代表 法定代表人 财报 市占率".split()
)
_OF_ANYTHING = frozenset(
    "负责人 院长 会长 秘书长 产能 年产能 产量 年产量 产值 年产值 总投资 投资额 占地 占地面积 建筑面积 面积 全长 总长 总长度 造价 总造价 "
    "工期 票价 门票 票房 总票房 导演 主演 编剧 主教练 售价 销量 官网 床位 主办方 承办方 举办地 开工时间 完工时间 落实率 完成率".split()
)
_YEARLY = frozenset(
    "员工 营收 营业收入 营业额 净利润 利润 毛利率 毛利 市值 研发投入 研发费用 市占率 产量 产值 招生人数 就业率 保研率".split()
)
_OWNED = _OF_SCHOOLS | _OF_COMPANIES | _OF_ANYTHING
# Beside an owned noun these name nothing else: 「毕业生去向」, 「员工人数」.
_LIGHT = frozenset(
    "情况 方向 去向 比例 比率 率 人数 总数 数量 总量 总额 金额 规模 人 时间 名单 水平 收入 营业 投资 增速 增幅 情形 单位 家 名字 毕业 升学 就业 就读 就读于".split()
)
_WIDER = re.compile(r"全国|全球|全世界|我国|国内|世界|各地|各国|人类|我们|一般|通常|普通|所有|应该|应当")
_OPENING = re.compile(
    r"^(?:(?:请问|为什么|为何|目前|现在|如今|截至目前|到目前|最近|今年|去年|前年|明年|谁是|哪年|什么时候|(?:19|20)\d\d年(?:\d{1,2}月)?"
    r"|近[一二两三四五六七八九十\d]+年来?|当时|后来)[，,\s]*)+"
)
_KINDS_SAID = "|".join(
    sorted({*_ENDS, *_PLACE_KINDS, *HEAD_NOUNS, "产业", "机构", "书", "电影", "人"} - {"会", "局"}, key=len)[::-1]
)
# 「该不该」, 「应该」 and 「该市场」, 「日本市场」 are no pronouns.
_THAT = rf"(?<![应活不])该(?P<that>{_KINDS_SAID}|剧|片|书|店|案|桥|路|线|车|馆|产业|机构)(?![场民长委钱事动业为程])"
_OUR = r"(?:(?<=^)|(?<=[，,年月在对]))本(?P<our>市|县|省|校|院|馆|公司|集团|项目|医院|学院|学校)(?![场民长委科级])"
_THIS = (
    rf"这(?:个|家|座|项|些|位|一|本|部|款|条|所|支|场)(?P<kind>{_KINDS_SAID})?|这(?P<plain>{_KINDS_SAID})"
    rf"|那(?:个|家|座|项|所|款|部|支)(?P<far>{_KINDS_SAID})|(?:上述|前述)(?P<said>{_KINDS_SAID})?"
)
_PRONOUN = re.compile(
    rf"它们|他们|她们|它|(?<!其)他(?!们)|她|{_THAT}|{_OUR}|{_THIS}|(?<![尤极与])其(?!他|它|中|实|次|余|间|一|二|三)"
)
# Between a name and its own pronoun: 「阿特斯产能多少，它…」, 「马斯克说他…」, 「雷军和他的团队」.
_WITHIN = re.compile(
    r"[，,。；;：:？?]|说|称|表示|认为|宣布|透露|(?:和|与|把|用|以|靠|凭|带着|及|并.*|后|前|时|以来|期间)$"
)
_ADVERBIAL = re.compile(r"^(?:在|对于?|关于|从|到|去|自)[^，,]*[，,]$")


def pronoun(text: str) -> re.Match[str] | None:
    """The first word that points back to an earlier question; None where it points at its own sentence."""
    for match in _PRONOUN.finditer(text):
        if not _own(text, match):
            return match
    return None


def kind_of(match: re.Match[str]) -> str:
    """「公司」 of 「这家公司」; "" of 「它」."""
    return next((match[group] for group in ("that", "our", "plain", "kind", "far", "said") if match[group]), "")


def _own(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()]
    if not before or _ADVERBIAL.match(before):
        return False
    if match[0] == "其":  # 「有哪些专业并简述其特点」
        return any((tag[0] == "n" and tag != "nt") or tag == "r" for _, tag in tagged(_OPENING.sub("", before)))
    words = tagged(before)
    if match[0][0] in "这那" and (words[-1][1][0] == "n" or words[-1][1] in ("eng", "j", "x", "s", "uj")):
        return words[-1][0] not in "，,。；;：: "  # 「“万海267”这条货柜船」, 「比亚迪在扬州那个厂」
    if not any(tag in NAME_TAGS or word in HEAD_NOUNS or tag == "eng" for word, tag in words):
        return False
    link = _WITHIN.search(before)
    return link is not None and (link[0] not in "和与把用以靠凭带着及" or text[match.end() : match.end() + 1] == "的")


def bare_kind(text: str) -> tuple[int, int, str] | None:
    """Where a kind stands alone as the subject, and which: (0, 2, "学院") of 「学院有多少位教师」; not of 「学院路在哪」."""
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    words = tagged(text[start:])
    if not words or re.search(
        r"区别|不同|一般|通常|普通|所有|应该|应当|是什么$|(?:怎么|如何|怎样)(?:注册|选|预防|避免|治疗|申请|办理|区分)",
        text,
    ):
        return None
    word, after = words[0][0], words[1][0] if len(words) > 1 else ""
    kind = next((kind for kind in sorted(_BARE, key=len, reverse=True) if word.startswith(kind)), "")
    if not kind or (word != kind and word[len(kind) :] not in _OWNED) or after in {"或", "、", "们", "间"}:
        return None
    if (
        after in {"和", "与", "跟"} and len(words) > 2 and words[2][1][0] == "n"
    ):  # 「公司与企业」; not 「学院与哪些机构」
        return None
    if len(words) > 1 and words[1][1] in ("n", "vn", "b") and after not in _OWNED | _LIGHT:
        following = words[2][1] if len(words) > 2 else ""
        if following in ("n", "vn", "uj"):  # 「项目管理软件」, 「公司治理的…」
            return None
    return start, start + len(kind), kind


def of_each_year(noun: str) -> bool:
    """Has it another value every year? Then the year of the question before is meant."""
    return noun in _YEARLY


def of_kind(kind: str, subjects: Sequence[str]) -> str:
    """The thing of a kind named last, in the fullest form it was named by; "" where none was. ``subjects``: oldest first."""
    ends = _ENDS.get(kind, (kind,) if kind in HEAD_NOUNS else ())
    for index in range(len(subjects) - 1, -1, -1):
        found = max((subjects[index].rfind(end) + len(end) for end in ends if end in subjects[index]), default=0)
        entity = _trimmed(subjects[index][:found])
        if entity and entity not in _ENDS and entity not in ends and not _PRONOUN.match(entity):
            earlier = (_trimmed(said[: said.find(entity) + len(entity)]) for said in subjects[:index] if entity in said)
            return max(earlier, key=len, default=entity)
    return ""


def _trimmed(entity: str) -> str:
    """Without what only leads up to a name: 「2023年在海安集团」 → 「海安集团」."""
    entity = _OPENING.sub("", entity)
    for time in times(entity, None):
        entity = entity.replace(time.text, "")
    return re.split(r"(?:^|(?<=[\u4e00-\u9fff]))(?:在|对|从|由|被)(?=[\u4e00-\u9fff]{2})", entity)[-1].strip("，,的 ")


def place_of(kind: str, subject: str) -> str:
    """「该市」 after 「江苏扬州…」: the city, not the province; "" where ``kind`` is no place or none is named."""
    if kind not in _PLACE_KINDS:
        return ""
    named = cities(subject) if kind in ("市", "城市") else frozenset()
    return min(named, key=subject.find) if named else max(places(subject), key=subject.rfind, default="")


def head_end(word: str) -> int:
    """Where the kind ends in a word of the dictionary: 3 in 「哲学院」, 2 in 「公司员工」; 0 where there is none."""
    if word in HEAD_NOUNS or word.endswith(_HEADS):
        return len(word)
    return next((len(head) for head in _HEADS if word.startswith(head) and word[len(head) :] in _OWNED), 0)


def lacks_owner(said: str) -> str:
    """The first noun of a question that belongs to somebody unnamed: 「毕业生」; "" where it names its subject or has none."""
    if _WIDER.search(said) or any(name not in _OWNED for name in names(said)):
        return ""
    first = ""
    for word, tag in tagged(said):
        owned = word in _OWNED
        if not first and tag[0] not in "tdpbmrcuxfq" and not owned and word not in ("总", "录取", "来"):
            return ""
        names_something = tag[0] == "n" or tag in ("l", "j", "s", "eng")
        if names_something and not (owned or word in _LIGHT or (first and re.fullmatch(r".{1,3}率", word))):
            return ""
        if owned and not first:
            first = word
    return first


def owner(noun: str, subjects: Sequence[str], before: str) -> str:
    """Whose ``noun`` is. ``before``: the subject of the question before, "" where it is not certain."""
    if noun in _OF_SCHOOLS:
        return of_kind("学校", subjects) or (
            before if not _is_place(before) and _speaks_of(_OF_SCHOOLS, subjects) else ""
        )
    if noun in _OF_COMPANIES:
        if before.endswith(tuple(HEAD_NOUNS)) and not before.endswith(_ENDS["公司"]):
            return before
        return (before if before and not _is_place(before) else "") or of_kind("公司", subjects)
    return before


def owns(kind: str, subject: str, question: str) -> bool:
    """Can 公司 mean ``subject``, whose name does not say what it is? Where it was asked for its turnover or its staff."""
    words = {"公司": _OF_COMPANIES, "集团": _OF_COMPANIES, "学校": _OF_SCHOOLS}.get(kind, frozenset())
    return (
        bool(subject)
        and not _is_place(subject)
        and not subject.endswith(tuple(HEAD_NOUNS))
        and _speaks_of(words, [question])
    )


def _speaks_of(words: frozenset[str], questions: Sequence[str]) -> bool:
    return any(word in words for question in questions for word, _ in tagged(question))


def _is_place(subject: str) -> bool:
    return bool(subject) and all(tag == "ns" for _, tag in tagged(subject))
