"""Does a sentence of the model answer what is asked, given the quotation it rests on: the unit, the time, the person, the list?"""

from __future__ import annotations

import re

from rag.answer.bearing import Wanted, fits, wanted
from rag.answer.figures import figures
from rag.answer.question.kind import PEOPLE, kind_asked
from rag.answer.text.numbers import whole_number
from rag.answer.text.quantities import AREAS, measures, quantities, same
from rag.answer.text.words import content_words, tagged, to_simplified
from rag.answer.when.moments import agrees, moments
from rag.answer.when.resolve import time_spans
from rag.answer.when.stretches import other_stretch
from rag.types import Evidence, Query

_THING = re.compile(r"[a-z][a-z0-9.+\-]+|(?<=[《“「])[^》”」]+(?=[》”」])")
_NO_AREA = re.compile(r"产量|总产|单产|产值|产能|收成|[吨斤元]|营收|收入|投资额|利润|人口|人数|票房")
_COUNTED = re.compile(r"([两二三四五六七八九十]|\d+)[个项条家座大种类核区]")


def adds_nothing(question: str, sentence: str) -> bool:
    """「某公司的负责人叫某公司的负责人」: every word of the answer stands in the question."""
    said = {word for word in content_words(sentence) if len(word) > 1 or word.isdigit()}
    return (
        not said - set(content_words(question))
        and "是否" not in question
        and not re.search(r"吗|[是有能会]不|有没有|哪个|还是", question)
    )


def tells_only_when(query: Query, sentence: str) -> bool:
    """Asked where or who, 「美国在10月7日发布了报告」 adds a day to the words of the question, and nothing that was asked."""
    kind = kind_asked(query.rewritten)
    if not (kind.place or kind.person) or kind.time:
        return False
    rest = sentence
    for span in reversed(time_spans(sentence, query.today)):
        rest = rest[: span.start] + rest[span.end :]
    return adds_nothing(query.rewritten, rest)


def names_nobody(want: Wanted, query: Query, sentence: str) -> bool:
    """A name is asked for (「叫什么名字」), and every person or thing named stands in the question already."""
    asked = to_simplified(query.rewritten).lower()
    people = {word for word, tag in tagged(to_simplified(sentence)) if tag in PEOPLE}
    things = {match[0] for match in _THING.finditer(to_simplified(sentence).lower())}  # 「最早叫Spark」
    return want.person and all(name in asked for name in people | things)


def of_other_unit(want: Wanted, query: Query, sentence: str) -> bool:
    """「总投资多少」 is not answered by 「36万片」: every figure that the question did not bring is of another unit."""
    given = {quantity.value for quantity in quantities(query.rewritten)}
    said = [q for q in quantities(sentence) if q.value not in given and q.unit]
    if want.number and said and all(q.unit in AREAS for q in said) and _NO_AREA.search(to_simplified(query.rewritten)):
        return True
    return bool(want.number and want.unit and said) and not any(measures(q.unit, want.unit) for q in said)


def figure_fits(want: Wanted, sentence: str, item: Evidence) -> bool:
    """Where a number is asked for and the sentence gives some: is one of them, in the quotation, the one asked for?"""
    said = quantities(sentence)
    if not want.number or want.compares or not said:
        return True
    return any(fits(want, claimed, item) for claimed in said) or not any(
        same(claimed, figure.quantity) for claimed in said for figure in figures(item)
    )


def of_other_time(want: Wanted, sentence: str, item: Evidence) -> bool:
    """Every figure that the sentence takes from the quotation stands there for another time than is asked about.

    「1—7月交付7.5万台」 is true, and no answer to how many were delivered in July.
    """
    said = quantities(sentence)
    theirs = [figure for figure in figures(item) if any(same(claimed, figure.quantity) for claimed in said)]
    if not want.number or want.compares or not theirs:
        return False
    return all(other_stretch(want.stretch, figure.stretch) for figure in theirs)


def of_another_day(query: Query, sentence: str) -> bool:
    """The question names a day with its year, and every such day of the sentence is another: what happened then is not asked."""
    asked, said = (
        [moment for moment in moments(text, query.today) if moment.year and moment.month and moment.day]
        for text in (query.rewritten, sentence)
    )
    return bool(asked and said) and not any(agrees(one, other) for one in said for other in asked)


def lists_enough(query: Query, answer: str, *, quoted: bool) -> bool:
    """An answer to 「分别是哪六个」 names several things, and nearly as many as were asked for.

    ``quoted``: the answer is a sentence of an article, whose commas part clauses and not the things asked for.
    """
    if not wanted(query).listing:
        return True
    items = len(
        {
            part.strip("“”。")
            for part in re.split(r"[、；]|和|及|与" if quoted else r"[、；，]|和|及|与", answer)
            if part.strip("“”。")
        }
    )
    count = _COUNTED.search(query.rewritten)
    least = whole_number(count[1]) - 1 if count else 2
    return items >= min(least, 6)
