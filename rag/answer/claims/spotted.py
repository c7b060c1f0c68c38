"""Where a text names people, places, organisations and things, and who holds which office."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.answer.text.cities import cities
from rag.answer.text.codes import latin
from rag.answer.text.quantities import fold
from rag.answer.text.surnames import DOUBLE, SURNAMES
from rag.answer.text.words import tagged, to_simplified

OFFICE = (
    r"(?:总书记|书记|市长|省长|县长|区长|镇长|乡长|村长|州长|主任|局长|厅长|处长|科长|部长|司长|署长|总理|首相|总统|主席|董事长|总裁|总经理|经理|校长|院长|所长|会长"
    r"|理事长|秘书长|行长|馆长|站长|台长|社长|总编辑|总编|主编|发言人|首席执行官|首席财务官|首席科学家|首席经济学家|创始人|教练|主教练|队长|导演|编剧|教授|研究员|工程师|医生|律师"
    r"|分析师|大使|司令|指挥|检察长|法官|负责人|CEO|CFO|CTO|COO)"
)
_OFFICE = re.compile(OFFICE, re.I)
_SAYING = r"(?:赴|率|到|前往|带队|带领|调研|会见|围绕|向|对|就|通过|作|曾|也|还|将|于|一行|先后|专程|同|及|说|称|表示|介绍|认为|指出|强调|透露|坦言|直言|告诉|宣布|主持|出席|参加|会见|宣读|致辞|接受|在|与|和|为|是|等|，|、|。|；|）|\)|$)"
_INTRODUCED = re.compile(rf"{OFFICE}(?:是|为|叫|由)?([{SURNAMES}][\u4e00-\u9fff]{{1,2}}?)(?={_SAYING})", re.I)
_ROLE = "博士生|硕士生|研究生|大学生|学生|作者|选手|球员|队员|村民|居民|市民|网友|被告人|被告|原告|嫌疑人|演员|歌手|作家|画家|诗人|科学家|院士|博士|专家|学者|志愿者|司机|老师|同学|警察|民警|知县|知府|将军|皇帝"
_CALLED = re.compile(
    rf"(?:{_ROLE})([{SURNAMES}][\u4e00-\u9fff]{{1,2}}?)(?={_SAYING})"
    rf"|(?:^|[，。；：“”、\n])([{SURNAMES}][\u4e00-\u9fff]{{1,2}}?)(?=说|表示|认为|介绍|告诉|指出|透露|坦言|直言|强调|是|任|担任|出任|获|得|拿下|击败)"
)
COUNTRIES = frozenset(
    "美国 英国 法国 德国 日本 韩国 朝鲜 俄罗斯 乌克兰 白俄罗斯 印度 巴基斯坦 孟加拉国 斯里兰卡 尼泊尔 缅甸 泰国 越南 老挝 柬埔寨 马来西亚 新加坡 印度尼西亚 印尼 菲律宾 蒙古 哈萨克斯坦 乌兹别克斯坦 "
    "阿富汗 伊朗 伊拉克 以色列 巴勒斯坦 叙利亚 黎巴嫩 约旦 沙特阿拉伯 沙特 阿联酋 卡塔尔 科威特 也门 土耳其 埃及 利比亚 突尼斯 阿尔及利亚 摩洛哥 苏丹 埃塞俄比亚 肯尼亚 坦桑尼亚 尼日利亚 尼日尔 加纳 南非 "
    "津巴布韦 赞比亚 刚果 加拿大 墨西哥 古巴 巴拿马 哥伦比亚 委内瑞拉 秘鲁 智利 阿根廷 巴西 乌拉圭 澳大利亚 新西兰 意大利 西班牙 葡萄牙 荷兰 比利时 卢森堡 瑞士 奥地利 瑞典 挪威 丹麦 芬兰 冰岛 爱尔兰 波兰 "
    "捷克 斯洛伐克 匈牙利 罗马尼亚 保加利亚 希腊 塞尔维亚 克罗地亚 爱沙尼亚 拉脱维亚 立陶宛 格鲁吉亚 亚美尼亚 阿塞拜疆".split()
)
_GRAMMAR = re.compile("[则的是了就把被]")  # in no given name
_NO_PLACE = re.compile(r"^[全本各该我列两多某]|之|^[上门超股楼开收早夜集黑房车债汇退入都]市$")
_ERA = re.compile(
    r"[^新下上一几]代$|.朝$|.季$|春节|国庆|中秋|端午|元旦|周[一二三四五六日末]|星期.|[早晚中上下]午|清晨|凌晨|傍晚|深夜|晚上|早上"
)
_TITLE = re.compile(r"[「『《“‘]([^」』》”’，。]{2,24})[」』》”’]")
_ORG_END = re.compile(
    r"(?:集团|公司|企业|银行|大学|学院|医院|中学|小学|学校|研究院|研究所|研究中心|委员会|协会|学会|联合会|基金会|俱乐部|法院|检察院|公安局|出版社|报社|电视台|酒店|工厂|实验室"
    r"|证券|基金|保险|航空|汽车|科技|电子|药业|局|厅|署|队|党)$"
)
_OWN = ("ns", "nr", "nz", "nt", "eng", "nrt", "j")
_INSIDE_ORG = ("ns", "nr", "nz", "nt", "n", "j", "b", "eng", "nrt", "nrfg", "vn", "s")
_TRANSLITERATED = frozenset(
    "阿埃艾安昂奥巴班鲍贝本比彼宾波伯博布查德迪蒂丁杜顿多恩尔法菲费弗福盖冈戈格葛古哈海汉赫亨胡华霍吉加贾杰金卡凯坎康考科克肯库拉莱兰朗劳勒雷黎里丽利莲列林琳鲁伦罗洛马玛迈麦曼梅门蒙米密莫默姆"
    "穆纳奈内尼涅纽努诺欧帕潘佩皮平蒲普奇乔切琼热日荣茹瑞撒萨塞桑瑟沙莎舍圣施史斯丝松苏索塔泰坦汤特提廷图托瓦威韦维温文沃乌西希席锡夏香肖谢辛休雅亚扬耶叶伊易因英尤于约赞泽扎詹珍朱祖佐姬娃娜娅"
)
# Words that the dictionary of the tagger takes for names, and are none: the commonest in 1,500 news articles.
_GENERIC = frozenset(
    "文明 智慧 弘扬 申报 许可 师生 普通 曝光 令人 阳光 荣获 蓝天 楼宇 明星 印发 阿姨 顾问 拓宽 博士后 公正 通知书 续航 雷雨 论文 惠民 安全性 聊天 祝福 银行卡 温馨 人大代表 智能化 网络安全 顾客 "
    "建立健全 驾驶证 二人 保驾护航 矫正 高科技 安保 大力支持 小镇 古老 生命安全 幸福感 安全感 老虎 汇报 联网 杜绝 严肃处理 师傅 荣誉 胡同 育人 关怀 子宫 宝贵 保健 许可证 绿水青山 宝宝 新开工 安全检查 "
    "无人驾驶 牟利 熊猫 陈列 封锁 友谊 家族 公共秩序 保温杯 强降雨 青少年 幼儿园 卫星 山洪 洪水 科普 养老 夏令营 摩托车 道路交通 宣传教育 城市更新 高水平 中国式 安全法 拉满 光辉 白领 恒星 荣幸 练兵 须知 涂抹 "
    "崇高 抽奖 大战 星星 加薪 齐全 钱财 言语 呼唤 力争 修正 空旷 高明 权衡 驾乘 谢谢 双赢 高潮 温泉 纳米 雪山 和谈 蓝图 容纳 才华 体操 默契 甘甜 海浪 玉米 花香 陈旧 灵敏 卡片 宝贝 辛勤 益处 边远 伊始 丰碑 道德 "
    "诸如 从宽 中毒 范畴 周转 易燃 师范 蓬勃 梅花 特邀 苏醒 抗炎 英勇 保姆 宝库 抗日 毛巾 张嘴 护佑 彼岸 乐章 连贯 孙子 言辞 屠宰 切莫 崇尚 师兄 安危 兴盛 吉祥 谢幕 和睦 水淹 勾勒 安然 精华 祥和 杜撰 野战 辟谣 "
    "新奇 家教 步履 博爱 汉字 曙光 毛发 启迪 子孙 夸赞 朴素 勒索 汉服 高清 抗战 联谊 苗圃 考拉 麻醉 从政 元老 宝藏 洗礼 敬仰 大修 卡顿 王子 易发 撒播 道谢 齐备 片状 寒暄 荣膺 磷酸 闻讯 护卫 耐药 普惠 戈壁 升华 飞翔 "
    "阴凉 桂冠 波浪 青绿 烟熏 左转 卡号 麦穗 查明 高高 高质量 高端 高新技术 金融 金额 安装 安排 温度 宁静 严格 严重 严厉 祖国 常见 常年 向来 向上 左右 段落 尤其 时代 时期 时速 时刻 时尚 方案 方法 方向 方针 方案 "
    "城市 全市 全省 全国 市区 城区 地区 园区 集团 公司 本公司 该公司 企业 中国 国家 政府 人民 网友 国内 世界 全球 国际 本市 市民 学校 医院 大学 银行 法院 协会 委员会 高达 "
    "小姐 先生 明显 高兴 和平 安全 方便 明白 成功 盛大 任何 高度 华人 中华 汉语 中文 英文 英语 日语 法语 俄语 德语 华语 白天 黄金 高峰 康复 江湖 温和 强劲 平安 "
    "对华 对美 对俄 对日 正文 和尚 "
    "时间 时候 时报 连续 应对 应该 都会 原本 明确 包含 包括 全面 全部 成立 成本 成绩 成果 关于 关系 管理 计划 计算 单位 单独 左右 来自 和 向 常 文章 文化 方面 方式".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """``text`` (simplified, lower case) at ``[start, end)``. ``kind``: person, place, org, code (Latin) or title."""

    start: int
    end: int
    text: str
    kind: str


@lru_cache(maxsize=4096)
def spot(text: str) -> tuple[Name, ...]:
    """Every name of a text, in order, none inside another of its kind."""
    folded = to_simplified(fold(text))
    found = [Name(a, z, folded[a:z].lower(), "code") for a, z in latin(folded) if z - a > 1]
    found += [Name(m.start(1), m.end(1), m[1].lower(), "title") for m in _TITLE.finditer(folded)]
    found += [Name(m.start(1), m.end(1), m[1], "person") for m in _INTRODUCED.finditer(folded)]
    found += [Name(m.start(i), m.end(i), m[i], "person") for m in _CALLED.finditer(folded) for i in (1, 2) if m[i]]
    found += _tagged(folded)
    found.sort(key=lambda n: (n.start, -n.end))
    kept: list[Name] = []
    for name in found:
        if (
            name.text in _GENERIC
            or (name.kind == "person" and (name.text[:2] in _GENERIC or name.text.startswith(tuple(cities(name.text)))))
            or any(n.kind == name.kind and n.start <= name.start and name.end <= n.end for n in kept)
        ):
            continue
        kept.append(name)
    return tuple(kept)


def _tagged(text: str) -> list[Name]:
    words = []
    at = 0
    for word, tag in tagged(text):
        words.append((at, word, tag))
        at += len(word)
    found = []
    for index, (start, word, tag) in enumerate(words):
        end = start + len(word)
        if tag in ("nr", "nrt", "nrfg") and len(word) > 2 and word[-1] in "称说道":  # 「张某某称」
            word, end = word[:-1], end - 1
        if tag in ("nr", "nrt", "nrfg") and len(word) > 2 and word[0] in "由被让叫请给" and word[1] in SURNAMES:
            word, start = word[1:], start + 1  # 「由夏某某讲」
        if tag in ("nr", "nrt", "nrfg") and (cities(text[end - 1 : end + 1]) or _GRAMMAR.search(word[1:])):
            continue  # 「民营企业强则|扬州发展强」
        town = max((c for c in cities(word + text[end : end + 1]) if word.startswith(c)), key=len, default="")
        if word in COUNTRIES:
            found.append(Name(start, end, word, "place"))
        elif town and tag != "ns":  # 「大连将」, 「合肥南站」
            found.append(Name(start, start + len(town), town, "place"))
        elif tag in ("nr", "nrt", "nrfg") and len(word) > 1:
            if _is_person(word):
                found.append(Name(start, end, word, "person"))
            elif len(word) > 1:
                found.append(Name(start, end, word, "other"))
        elif tag == "t" and _ERA.search(word):
            found.append(Name(start, end, word, "era"))
        elif tag == "ns" and len(word) > 1 and not _NO_PLACE.search(word):
            found.append(Name(start, end, word, "place"))
        elif tag in ("nt", "nz") and len(word) > 1:
            found.append(Name(start, end, word, "org" if tag == "nt" else "other"))
        if tag in ("n", "nt", "nz", "nr", "ns") and _ORG_END.search(word):
            if word != _kind(word) and len(_kind(word)) > 1 and tag in ("n", "nz"):
                found.append(Name(start, end, word.lower(), "company"))
            first = index
            while (
                first
                and index - first < 4
                and words[first - 1][2] in _INSIDE_ORG
                and not _OFFICE.search(words[first - 1][1])
            ):
                first -= 1
            while first < index and words[first][2] not in _OWN:
                first += 1
            named = first < index
            if named:
                found.append(Name(words[first][0], end, text[words[first][0] : end].lower(), "org"))
            elif index and words[index - 1][2][0] in "nabjlz" and len(words[index - 1][1]) > 1 < len(_kind(word)):
                found.append(Name(words[index - 1][0], end, text[words[index - 1][0] : end].lower(), "company"))
    return found


def _kind(word: str) -> str:
    """What an organisation is, by its name: 公司 of 苹果公司."""
    found = _ORG_END.search(word)
    return found[0] if found else ""


def _is_person(word: str) -> bool:
    if len(word) in (2, 3) and word[0] in SURNAMES:
        return True
    if len(word) in (3, 4) and word.startswith(DOUBLE):
        return True
    return "·" in word or foreign(word)


def foreign(word: str) -> bool:
    """Written in the characters that foreign names are written in."""
    return len(word) > 1 and all(c in _TRANSLITERATED for c in word)


@dataclass(frozen=True, slots=True)
class Holder:
    """``person`` is named beside ``office``, with nothing but other offices and whose they are in between."""

    office: str  # with 副 and the like
    person: str
    whose: frozenset[str]  # the place named last before the office, in its sentence


_TITLED = re.compile(rf"(?:常务副|副|代|原|前|名誉)?{OFFICE}", re.I)
_BESIDE = re.compile(
    rf"[^，。；！？：“”]*?{OFFICE}(?:[、兼和及]|[^，。；！？：、“”]{{0,14}}{OFFICE}|一职)*(?:由|是|为|叫|名叫|的名字是|系)?$",
    re.I,
)
_BEHIND = re.compile(
    rf"^(?:[当任做][^，。；！？、（）]{{1,8}}(?:之?前|以前|之?后|以后|期间))?[\u4e00-\u9fff]?(?:是|为|任|担任|出任|当选|当选为|现任|兼任|系|（|\(|，)[^，。；！？、（）]{{0,16}}?{OFFICE}(?:[、兼和][^，。；、]{{0,10}}?{OFFICE})*(?!的|[是为由叫系]|[\u4e00-\u9fff]{{2,3}}(?:说|表示|介绍))",
    re.I,
)


def holders(text: str, people: tuple[Name, ...]) -> list[Holder]:
    """Who of ``people`` holds which office: 「市长潘某」, 「市委书记、市长李某」, 「王某是市委书记」."""
    folded = to_simplified(fold(text)).lower()
    titled = re.compile(rf"{OFFICE}$", re.I)  # 「区长沈某州」 is a person, whatever the dictionary says
    places = [n for n in spot(text) if n.kind == "place" and not titled.search(folded[max(0, n.start - 6) : n.start])]
    found = []
    for index, person in enumerate(people):
        low = people[index - 1].end if index else 0
        high = people[index + 1].start if index + 1 < len(people) else len(folded)
        before = folded[max(low, person.start - 40) : person.start]
        behind = folded[person.end : min(high, person.end + 40)]
        offset = max(low, person.start - 40)
        for match, stretch_before in ((_BESIDE.search(before), True), (_BEHIND.search(behind), False)):
            if match is None:
                continue
            stretch = match[0]
            if not stretch_before and stretch[0] == "，" and person.end + match.end() == high < len(folded):
                continue  # 「徐州是李某，盐城市委书记周某」: the office of whom it stands before
            for office in _TITLED.finditer(stretch):
                at = match.start() + office.start() + (offset if stretch_before else person.end)
                found.append(Holder(office[0], person.text, _owner(folded, places, at)))
    return found


def _owner(text: str, places: list[Name], at: int) -> frozenset[str]:
    """Whose office stands at ``at``: the place or city named last before it."""
    last = max((p for p in places if p.end <= at), key=lambda p: p.end, default=None)
    beside = cities(text[max(0, at - 14) : at])
    if beside:
        return beside
    return frozenset((root(last.text),)) if last else cities(text[:at])


def root(place: str) -> str:
    """「扬州市」 → 「扬州」."""
    return place[:-1] if len(place) > 2 and place[-1] in "市省县区州镇" and place[-2:] not in ("自治",) else place
