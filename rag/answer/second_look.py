"""The model asked once more: whether a quotation answers, where rules cannot tell; and to mend what failed its check.

Rules compare words. A question in other words (「砸了多少钱」 for 总投资) and a near miss (injured for killed) look alike to
them; a model of 1.5B, poor at refusing while it answers, tells the two apart when that is all it is asked: yes or no.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.prompts import ChatPromptTemplate

from rag.answer.cite import Checked
from rag.answer.prompt import answer_messages
from rag.answer.text.prompts import prompt_text
from rag.answer.when.resolve import annotated
from rag.types import Evidence, Query, Verdict

MOST_QUOTATIONS = 2  # read for it: each costs a second
# From here on the best quotations are taken to answer, where the words they share with the question alone would not do.
# Of 28 questions below ``answer.refuse_below``, 7 of the 10 that can be answered lie above, none of the 18 others.
ANSWERS = 0.65
# Below this they are taken not to, whatever the rules say: of 656 recorded questions (five sets on news, the shipped one; chosen on them)
# 106 sentences with a trust of .2–.5 were looked at; below lay 2 of 68 right ones, 5 of 29 wrong ones, 4 of 9 to questions
# without an answer.
ANSWERS_NOT = 0.4
MOST_FAULTS = 3
# Where trust lies between these the model is asked; beyond them it hardly changed anything.
DOUBTFUL = (0.03, 0.5)
_OF_TRUST, _OF_LOOK, _BIAS = 0.434, 0.637, 0.104

Look = Callable[[Sequence[Evidence]], float]


YES, NO = "能", "不"  # how the reply begins


def answers_messages(query: Query, evidence: Sequence[Evidence]) -> list[BaseMessage]:
    """Do these quotations answer? To be replied with 能 or 不能."""
    template = ChatPromptTemplate.from_messages(
        [("system", prompt_text("answers.system")), ("human", prompt_text("answers.user"))]
    )
    shown = "\n".join(item.shown for item in evidence[:MOST_QUOTATIONS])
    return template.format_messages(evidence=shown, question=annotated(query.rewritten, query.today))


def mend_messages(query: Query, evidence: Sequence[Evidence], raw: str, faults: str) -> list[BaseMessage]:
    """The conversation so far, and what is wrong with the answer ``raw``."""
    again = ChatPromptTemplate.from_messages([("human", prompt_text("again.user"))])
    return [*answer_messages(query, evidence), AIMessage(raw), *again.format_messages(faults=faults)]


def faults(checked: Sequence[Checked]) -> str:
    """What the check found, for the model: 「460公里」应为「520公里」. "" where it found nothing that can be named."""
    said = []
    for claim in (claim for item in checked for claim in item.sentence.claims):
        if claim.verdict is Verdict.DIFFERS and claim.found:
            said.append(f"“{claim.claimed}”对不上，资料里是“{claim.found}”")
        elif claim.verdict is not Verdict.SUPPORTED:
            said.append(f"资料里没有“{claim.claimed}”")
    return "；".join(dict.fromkeys(said[:MOST_FAULTS]))


def doubtful(trust: float) -> bool:
    return DOUBTFUL[0] <= trust < DOUBTFUL[1]


def joined(trust: float, look: float) -> float:
    """Probability that a sentence is right, from what the rules say and what the model says (logistic regression); 0 where the
    model plainly says no."""
    if look < ANSWERS_NOT:
        return 0.0
    score = _BIAS + _OF_TRUST * _logit(trust) + _OF_LOOK * _logit(look)
    return 1 / (1 + math.exp(-score))


def _logit(share: float) -> float:
    share = min(max(share, 0.01), 0.99)
    return math.log(share / (1 - share))
