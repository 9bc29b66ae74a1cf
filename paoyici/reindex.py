"""`paoyici keys reindex`: what is found by a keyed hash, found by the first key alone."""

from __future__ import annotations

import asyncio
import sys

from backend.reindexing import reindex
from backend.replies import Replies
from backend.rewriting import Tally
from paoyici.at_the_office import OfficeUnreachableError, with_office
from paoyici.parts import layout_from_environment
from paoyici.transactions import end_open


def run(said: Replies) -> int:
    """Write every index anew; return the exit code: 0 none of an earlier key is left, 1 some are.

    Args:
        said: words of the commands.
    """

    def tell(name: str, tally: Tally) -> None:
        line = said.say("keys.reindexing", name=name, count=tally.changed, left=tally.left)
        print(line, flush=True)

    # One that was killed may have left a transaction open that blocks this one.
    asyncio.run(end_open(layout_from_environment()))
    try:
        totals = with_office(lambda office: reindex(office, tell))
    except OfficeUnreachableError as away:
        print(said.say(away.key, **away.values), file=sys.stderr)
        return 1
    left = sum(tally.left for tally in totals.values())
    print(said.say("keys.reindexed", count=sum(tally.changed for tally in totals.values())))
    print(said.say("keys.index_left", count=left) if left else said.say("keys.index_alone"))
    return 1 if left else 0
