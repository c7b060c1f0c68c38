"""People, places, organisations, titles, codes: there at all, and there in the same place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.answer.claims.context import Line, Words
from rag.answer.claims.pool import Pool, named_in
from rag.answer.claims.spotted import COUNTRIES, OFFICE, Name, foreign, root
from rag.answer.text.cities import CITIES, REGIONS, cities
from rag.answer.text.codes import places, stands_in
from rag.types import Claim, Verdict

MARGIN = 0.12  # by which another name's surroundings must fit better
_SPOTS = "湖山河江港庄寨桥湾沟坝堡屯滩岭峡谷海路街道巷园寺楼塔站"  # 「瘦西湖」 is no city's rival
_TIME_OF_DAY = re.compile("(?:[今昨前明当][天日])?(?:[早晚]上|[早晚中上下]午|清晨|凌晨|傍晚|深夜|夜里)")


def names(said: Line, there: Pool, titles: Sequence[str], question: str, articles: str) -> Iterator[Claim]:
    """A name that only repeats the question's may stand anywhere in the passages cited: it says whom was asked about.

    A title (《某某方案》) may stand anywhere in ``articles``, the words found of the articles cited: few have two alike.
    """
    context = ["".join(item.context()) for item in there.quoted]
    spaced = [
        part.text for item in there.quoted for part in (*item.before, item.line)
    ]  # 「B5 Pro」 holds B5, 「B5Pro」 none
    whole = "\n".join([*context, *("".join(t.split()) for t in titles), *spaced])
    around = "".join(named_in(item.line.text) for item in there.placed) if question else ""
    done: set[str] = set()
    for name in said.names:
        if name.text in done:
            continue
        done.add(name.text)
        known = whole
        if name.text in question:
            if _TIME_OF_DAY.fullmatch(name.text):
                continue  # asked of 「昨天晚上」, told as 「昨晚」: the days are checked as dates
            if _before_its_town(name, question, there):
                continue
            known = f"{whole}\n{around}"
            if articles and _meant_elsewhere(name, said, question, there, articles):
                known = f"{known}\n{named_in(articles)}"
        yield _name(name, said, there, known)


def _before_its_town(name: Name, question: str, there: Pool) -> bool:
    """「四川江油」 is asked about, and the quotation tells of 江油."""
    town = question[question.find(name.text) + len(name.text) :][:2]
    told = "".join(item.line.text for item in there.quoted)
    return root(name.text) in REGIONS and re.fullmatch("[\u4e00-\u9fff]{2}", town) is not None and town in told


def _meant_elsewhere(name: Name, said: Line, question: str, there: Pool, articles: str) -> bool:
    """May a name of the question stand anywhere in the articles cited, and the quotation still speak of it?

    A title may: few have two alike. So may a code (「ZDX」) where the quotation names no other, the town that the articles
    are about (「我市」) where it names no other, and what begins a longer name whose rest it says (「青岛某某影业」: 某某).
    """
    quoted = list(there.quoted)
    if name.kind == "title":
        return True
    if name.kind == "code":
        others = [o for item in quoted for o in item.line.names if o.kind == "code" and not _remarked(item.line, o)]
        return all(stands_in(other.text, said.text) for other in others)
    if name.kind != "place":
        return False
    rest = question[question.find(name.text) + len(name.text) :]
    whole_name = re.match(r"[\u4e00-\u9fffa-z]{3,}", rest)
    if whole_name and name.text + rest[:2] in articles and any(rest[:3] in item.line.text for item in quoted):
        return True
    town, text = root(name.text), named_in(articles)
    if not _rank(name.text) & {"country", "region"} and not cities(name.text) and name.text in text:
        # 「夏阳街道」 of the question, in an article that is about it, where the quotation names no other such place
        return all(
            other.text in question or _rank(other.text) & {"country", "region"}
            for item in quoted
            for other in item.line.names
            if other.kind == "place"
        )
    named = {city: text.count(city) for city in cities(text)}
    alone = not any(cities(item.line.text) - {town} for item in quoted)
    return alone and 2 * named.get(town, 0) > sum(named.values())


def _name(name: Name, said: Line, there: Pool, whole: str) -> Claim:
    around = {w: v for w, v in said.near(name.start, name.end).items() if not w[-1].isdigit()}  # without dates
    others = list(_rivals(name, said, there, around))
    best = max(others, key=lambda o: o[0], default=None)
    compact = "".join(name.text.split())
    if not stands_in(compact, whole) and not _alias(name, compact, whole):
        if best is not None and best[0] > 0.35:
            return Claim("name", name.text, best[1].text, Verdict.DIFFERS)
        return Claim("name", name.text, None, Verdict.NOT_FOUND)
    if best is None or name.kind == "company" or _of_office(name, said) or _nested(name, said):
        return Claim("name", name.text, name.text, Verdict.SUPPORTED)
    own = max((fit for fit in _places(name, said, there, around)), default=None)
    if own is not None and best[0] > own + MARGIN:
        return Claim("name", name.text, best[1].text, Verdict.DIFFERS)
    return Claim("name", name.text, name.text, Verdict.SUPPORTED)


def _of_office(name: Name, said: Line) -> bool:
    """The place of an office (「扬州市委书记」): whose office it is, offices() tells."""
    return name.kind == "place" and re.match(rf"[^，。、的]{{0,6}}?{OFFICE}", said.text[name.end :]) is not None


def _rank(place: str) -> frozenset[str]:
    """Which places one can be mistaken for: provinces for provinces, towns for towns; empty for what is hardly a place."""
    short = root(place)
    if short in ("北京", "上海", "天津", "重庆", "香港", "澳门"):
        return frozenset(("country", "region", "town"))
    if short in REGIONS:
        return frozenset(("region", "country"))
    if short in CITIES or place[-1] in "市县区镇村州":
        return frozenset(("town",))
    if place in COUNTRIES:
        return frozenset(("country",))
    if place[-1] in _SPOTS:
        return frozenset(("spot",))
    return frozenset(("country", "town")) if place[-1] in "国洲岛" or foreign(place) else frozenset()


def _nested(name: Name, where: Line) -> bool:
    """Part of a longer name: 海安 in 海安集团."""
    return any(o.start <= name.start and name.end <= o.end and len(o.text) > len(name.text) for o in where.names)


def _listed_together(said: Line, name: Name, other: Name) -> bool:
    """Both are items of one enumeration of the sentence: nothing but names and 、和与及 lies between them."""
    at = said.text.find(root(other.text))
    if at < 0:
        return False
    low, high = sorted((name.start, at))
    between = said.text[low:high]
    for known in sorted({root(n.text) for n in said.names}, key=len, reverse=True):
        between = between.replace(known, "")
    return "、" in said.text[low:high] and not between.strip("、和与及以省市县区 ")


def _bracketed(where: Line, name: Name) -> bool:
    return where.text[name.start - 1 : name.start] in ("（", "(") and where.text[name.end : name.end + 1] in ("）", ")")


def _remarked(where: Line, name: Name) -> bool:
    """「一架客机（注册号为N676DL）」: a remark, and nothing that the sentence is about."""
    return re.search(r"[（(][^（()）]{2,}$", where.text[: name.start]) is not None and where.text[
        name.end : name.end + 1
    ] in ("）", ")")


def _book(where: Line, name: Name) -> bool:
    return where.text[name.start - 1 : name.start] == "《"


def _places(name: Name, said: Line, there: Pool, around: Words) -> Iterator[float]:
    """How well each place fits where the name stands, or still holds for a clause or sentence that names no other."""
    short, whole = root(name.text), said.all()
    held = False
    for item in there.placed:
        named = list(places(short, item.line.text))
        found = bool(named)
        for at in named:
            yield item.suits(around, whole, at, at + len(short))
        rival = any(n.kind == name.kind and short not in n.text for n in item.line.names)
        if held and not found and not rival:
            yield item.suits(around, whole, 0, 0)
        topic = next((n for n in item.line.names if n.kind == name.kind), None)
        if found and (topic is None or named[0] <= topic.end):
            for at in _open(item.line, Name(named[0], named[0] + len(short), short, name.kind)):
                yield item.suits(around, whole, at, at)
        held = found or (held and not rival)


def _open(where: Line, topic: Name) -> Iterator[int]:
    """Where the clauses begin whose subject is still ``topic``: they name none of its kind before their verb."""
    for at in range(topic.end + 1, len(where.text)):
        if where.bars[at] > where.bars[at - 1] and not any(
            n.kind == topic.kind and at <= n.start < at + 6 for n in where.names
        ):
            yield at


def _rivals(name: Name, said: Line, there: Pool, around: Words) -> Iterator[tuple[float, Name]]:
    """Other names of the same kind, with how well they fit."""
    whole = said.all()
    for item in there.placed:
        rivals = [
            other
            for other in item.line.names
            if _mistakable(name, said, other, item.line) and not _remarked(item.line, other)
        ]
        for other in rivals:
            if _bracketed(item.line, other) or _listed_together(said, name, other):
                continue  # 「某某水务（香港）」: part of another name; 「甲、乙、丙」: none of them stands for another
            fit = item.suits(around, whole, other.start, other.end)
            mixed = name.kind == "place" and not _rank(name.text) & _rank(other.text)
            if stands_in(root(other.text), said.text):
                if mixed:
                    continue  # 「江苏的苏州、无锡」
                fit -= MARGIN
            elif mixed:
                fit -= 1.5 * MARGIN  # a province where a town is named: less easily mistaken
            yield fit, other
        topic = next((n for n in item.line.names if n.kind == name.kind), None)
        first = next(places(root(name.text), item.line.text), -1)
        if topic is None or topic not in rivals or 0 <= first < topic.start:
            continue
        if not stands_in(root(topic.text), said.text):
            for at in _open(item.line, topic):
                yield item.suits(around, whole, at, at), topic


def _mistakable(name: Name, said: Line, other: Name, where: Line) -> bool:
    """Can ``other`` stand where ``name`` does? Of one kind and rank, and neither a part of the other."""
    if other.kind != name.kind or stands_in(root(name.text), other.text) or stands_in(other.text, name.text):
        return False
    if _nested(other, where):
        return False
    if name.kind == "place":
        return bool(_rank(name.text)) and bool(_rank(other.text))
    return name.kind != "title" or (_book(said, name) and _book(where, other))


_ENDS = re.compile(
    r"(?:有限责任公司|股份有限公司|有限公司|集团公司|股份公司|公司|集团|企业|市|省|县|区|镇|乡|村|国|州|大学|学院|医院|银行|先生|女士|教授|局|委|队|党)$"
)

_BEHIND = "为是在于对将就的与和向说也，。、；：（）"  # what may stand behind a name
_BODY = re.compile(r"[\u4e00-\u9fff]{2,}[部委局署]")
_OPEN_BEFORE = re.compile(r"(?:\A|[，。；：、“”（）\s的和与由经据在对向中]|中国|日)\Z")
_TITLES = re.compile(r"(?:先生|女士|教授)$")


def _our_own(body: str, whole: str) -> bool:
    """「外交部」 in an article is 中国's, where nothing stands before it that says whose it is."""
    return _BODY.fullmatch(body) is not None and any(
        _OPEN_BEFORE.search(whole[: match.start()]) for match in re.finditer(re.escape(body), whole)
    )


def _alias(name: Name, compact: str, whole: str) -> bool:
    """The same name written otherwise: without 市 or 集团, or shortened (北京大学 and 北大)."""
    core = (_TITLES if name.kind == "person" else _ENDS).sub("", compact)  # 「张建国」 is not 「张建」 of a 国
    if len(core) >= 2 and core != compact and core in whole:
        return True
    if compact.startswith("中国") and len(compact) > 3 and _our_own(compact[2:], whole):
        return True
    if compact == "中国" and re.search("我国|国内|全国|中方", whole):
        return True
    if name.kind == "place" and len(compact) == 2 and compact[1] == "国":
        return (
            re.search(
                rf"{compact[0]}(?:方|军|元|企|股|联储|媒|籍|队|式)|[中美英法德俄日韩印]{compact[0]}|{compact[0]}[中美英法德俄日韩印]",
                whole,
            )
            is not None
        )
    if name.kind == "title":
        pairs = [compact[i : i + 2] for i in range(len(compact) - 1)]
        return sum(pair in whole for pair in pairs) >= 0.6 * len(pairs)
    if re.fullmatch("[派请让][\u4e00-\u9fff]{2,4}[来去]", compact):  # 「派某某来」 taken for a name
        return re.search(rf"{compact[1:-1]}(?:[{_BEHIND}]|\\Z)", whole) is not None
    if (name.kind == "person" or len(compact) == 4) and len(compact) in (3, 4) and compact[-1] in "表则曾将任是在于为":
        return compact[:-1] in whole  # 「张某任」, 「张某某于」 taken for a name
    if name.kind == "company":
        return _ENDS.sub("", compact) in whole or compact[:2] in whole
    if name.kind in ("org", "other") and 2 <= len(compact) <= 5:
        return re.search(".{0,3}".join(map(re.escape, compact)), whole) is not None
    if name.kind == "org":
        pairs = [compact[i : i + 2] for i in range(len(compact) - 1)]
        return compact[:2] in whole and sum(pair in whole for pair in pairs) >= 0.75 * len(pairs)
    return name.kind == "other" and all(char in whole for char in compact)
