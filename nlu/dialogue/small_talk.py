"""闲话 Hears talk about the talk itself, and what is nobody's business here.

What the office can do always comes first: talk is heard only where the parse is sure of nothing
else, and an angry clause before a question is left out so that the question is answered.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence

from components.embedding import Vectors
from components.question_forms import LISTS
from reading.looks import Seen, TwoLooks

from dialogue.ports import ParseData

Embed = Callable[[Sequence[str]], Awaitable[Vectors]]

HEARD = -0.6
"""Log odds from which a text is such talk, where nothing speaks against it."""

LIKELY = -2.0
"""Log odds that are enough where the parse itself found nothing of the office's."""

GOES_ON = -0.3
"""Log odds that are enough there after an item was spoken of, about which a text may go on."""

SURELY = -0.4
"""Log odds that outweigh a guess of the parse about the office's business."""

SURER = 0.3
"""Log odds that outweigh a question about an item which the catalogue may not hold."""

NO_PERSON = 0.1
"""Log odds from which a sentence about people asks who is there, and calls for nobody."""

ASKED = 0.5
"""Log odds for what is easily mistaken: asking whether something was filed."""

MANNERLY = 1.0
"""Log odds for praise, laughter and insults where nothing is the office's: noise resembles them."""

PLAINLY = -2.5
"""Log odds of the n-grams alone from which a clause may be such talk beside a question."""

# Before a question these are no part of it.
ASIDE = frozenset({"answers_bad", "insult", "not_complaint", "laugh", "praise"})
MOST_CLAUSES = 6
_LEAST = 4
"""Characters of a text, or a part of one, that says something."""

# Easily heard in a few words that tell something.
_MANNERS = frozenset({"praise", "laugh", "insult"})
_NOBODYS = frozenset({"out_of_scope", "nlu_fallback"})
# What a guess of the parse may be instead: topics by intent.
INSTEAD = {
    "greet": frozenset({"who", "made_by", "genuine", "chat", "laugh"}),
    "thank": frozenset({"praise"}),
    "goodbye": frozenset({"laugh", "answers_bad"}),
    "ask_human": frozenset({"who"}),
    "ask_capability": frozenset({"who", "made_by", "instructions"}),
    "ask_office": frozenset({"complaint_phone", "made_by"}),
    "query_progress": frozenset({"was_it_filed"}),
    "complain": frozenset({"answers_bad", "insult", "not_complaint", "was_it_filed",
                           "complaint_phone", "genuine", "instructions", "politics",
                           "privacy"}),
}  # fmt: skip
INSTEAD["propose_topic"] = frozenset({"politics"})
INSTEAD["elder_mode"] = frozenset({"praise"})
INSTEAD["report_problem"] = INSTEAD["complain"]
INSTEAD["vent"] = frozenset({"answers_bad", "not_complaint"})

# A guess that is mostly right needs more to be something else.
_BARS = {"ask_human": NO_PERSON, "query_progress": ASKED, "complain": SURELY,
         "report_problem": SURELY}  # fmt: skip

_CLAUSE = re.compile(r"[^。！？!?；;，,\n]+[。！？!?；;，,\n]*")


class SmallTalk:
    """Reads a text for topics of talk."""

    def __init__(self, looks: TwoLooks, embed: Embed) -> None:
        """Take what was learnt, and what computes sentence vectors."""
        self._looks = looks
        self._embed = embed

    async def topic(
        self, text: str, parsed: ParseData, *, in_form: bool, awaited: bool, spoken_of: bool
    ) -> str | None:
        """Return the topic of a text, or None.

        Args:
            text: what was said.
            parsed: how the gate read it.
            in_form: a form is open, which asks for other things than the office's business.
            awaited: something was asked or offered, which a text may answer.
            spoken_of: an item was spoken of, about which a text may go on.
        """
        name = parsed["intent"]["name"]
        seen = await self._seen(text) if len(text) >= _LEAST else None
        if seen is None:
            return None
        if name in _NOBODYS and not awaited:
            bar = MANNERLY if seen.label in _MANNERS else GOES_ON if spoken_of else LIKELY
            return seen.label if seen.odds >= bar else None
        if name in INSTEAD:
            bar = _BARS.get(name, HEARD)
            return seen.label if seen.label in INSTEAD[name] and seen.odds >= bar else None
        sure = parsed.get("item_outcome") == "confident" or bool(
            parsed.get("elsewhere") or parsed.get("pair") or parsed.get("form") in LISTS
        )
        unsure = name == "ask_guide" and not sure
        free = unsure and not in_form and not awaited
        return seen.label if free and seen.odds >= (MANNERLY if spoken_of else SURER) else None

    async def without_asides(self, text: str) -> str:
        """Return a text without the clauses before its question that are only anger or manners."""
        clauses = _CLAUSE.findall(text)
        if not 2 <= len(clauses) <= MOST_CLAUSES:
            return text
        for place, clause in enumerate(clauses[:-1]):
            seen = await self._seen(clause, PLAINLY)
            if seen is None or seen.odds < HEARD or seen.label not in ASIDE:
                rest = "".join(clauses[place:])
                return rest if len(rest) >= _LEAST else text
        return clauses[-1] if len(clauses[-1]) >= _LEAST else text

    async def _seen(self, text: str, least: float | None = None) -> Seen | None:
        """Look at a text, twice where its n-grams tell of talk by `least` log odds."""
        readings = self._looks.first(text, least)
        if not readings:
            return None
        vectors = await self._embed([reading.piece for reading in readings])
        return self._looks.second(readings, vectors)
