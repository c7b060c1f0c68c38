"""One sentence against a pool of evidence: a claim for each figure, date, name, office, cell of a table and denial in it.

A value must stand in the evidence, and it must stand there beside the same words: if another value of the same kind
fits the words around the claimed one better than the claimed one itself does, the claim has mixed them up.
"""

from rag.answer.claims.judge.cells import cells
from rag.answer.claims.judge.dates import dates
from rag.answer.claims.judge.figures import figures
from rag.answer.claims.judge.names import names
from rag.answer.claims.judge.offices import offices
from rag.answer.claims.judge.sense import invented, support, turned
from rag.answer.claims.judge.speakers import speakers

__all__ = ["cells", "dates", "figures", "invented", "names", "offices", "speakers", "support", "turned"]
