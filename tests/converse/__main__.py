"""`make converse`: start a house on a day that is asked for, hold written conversations with it.

    python -m tests.converse --at 2026-11-30T09:00 a.jsonl[,b.jsonl] …

The files are described in tests/converse/talks.py. Prints a line a group, then one JSON line, and
stops the house. Exit code 0 unless a bar is missed (1), the house fell (1), nothing can be read
(2) or somebody stops it (130).
"""

from __future__ import annotations

import argparse
import asyncio
import re
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from paoyici.supervisor import PartError, die_with_parent
from tests.converse.clock import moment_of
from tests.converse.holding import Outcome, hold_all
from tests.converse.house import House, last_words, standing
from tests.converse.report import group_line, last_line, missed, misses, read_bars, scores
from tests.converse.talks import Talk, UnreadableError, read_talks


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make converse", description=__doc__)
    parser.add_argument("files", nargs="+", help="of conversations; commas between them are fine")
    parser.add_argument("--at", type=moment_of, default="2026-11-30T09:00", help="in Shanghai")
    parser.add_argument("--show", action="store_true", help="print every miss")
    parser.add_argument("--only", default="", help="regex in the id or group of a conversation")
    parser.add_argument("--jobs", type=int, default=2, help="conversations at a time")
    parser.add_argument("--bar", type=read_bars, default="", help="turns=.9,talks=.8,worst=.7")
    return parser.parse_args()


def main() -> int:
    """Hold the conversations; return the exit code."""
    die_with_parent()
    options = _options()
    names = [name.strip() for names in options.files for name in names.split(",")]
    try:
        talks = read_talks([Path(name) for name in names if name], options.only)
    except (UnreadableError, re.error) as error:
        print(error, file=sys.stderr)
        return 2
    if not talks:
        print("no conversation to hold", file=sys.stderr)
        return 2
    # What a part still writes while it dies must not keep the folder.
    with tempfile.TemporaryDirectory(prefix="converse-", ignore_cleanup_errors=True) as folder:
        try:
            outcomes = asyncio.run(_run(talks, options, Path(folder)))
        except PartError as failure:
            print(failure, last_words(Path(folder)), file=sys.stderr)
            return 1
        except asyncio.CancelledError:
            print("stopped", file=sys.stderr)
            return 130
    return conclude(outcomes, options.bar)


async def _run(talks: list[Talk], options: argparse.Namespace, folder: Path) -> list[Outcome]:
    """Start the house, hold the conversations, stop it; a signal stops it at any moment."""
    loop, this = asyncio.get_running_loop(), asyncio.current_task()
    assert this is not None
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, this.cancel)

    def tell(outcome: Outcome) -> None:
        for line in misses(outcome) if options.show else ():
            print(line, flush=True)

    async with standing(folder, options.at) as house:
        holding = hold_all(house.origin, talks, folder, jobs=options.jobs, tell=tell)
        return await _while_it_stands(house, asyncio.ensure_future(holding))


async def _while_it_stands(house: House, holding: asyncio.Future[list[Outcome]]) -> list[Outcome]:
    """Wait for the end of the conversations.

    Raises:
        PartError: the house fell first.
    """
    fall = asyncio.create_task(house.fall())
    try:
        await asyncio.wait({holding, fall}, return_when=asyncio.FIRST_COMPLETED)
        if fall.done():
            raise PartError(fall.result())
        return holding.result()
    finally:
        holding.cancel()
        fall.cancel()
        await asyncio.gather(holding, fall, return_exceptions=True)


def conclude(outcomes: Sequence[Outcome], bars: dict[str, float]) -> int:
    """Print the score; return 1 if a bar was missed."""
    total, groups = scores(outcomes)
    for name, score in groups.items():
        print(group_line(name, score))
    below = missed(bars, total, groups)
    for bar in below:
        print(f"bar missed: {bar}", file=sys.stderr)
    print(last_line(total, groups), flush=True)
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
