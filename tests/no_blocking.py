"""Fails a test in which the event loop was blocked, also where somebody caught the error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from blockbuster import BlockingError, blockbuster_ctx

AT_START = (("dialogue/agent.py", {"load_model"}), ("dialogue/replies.py", {"__init__"}))
"""What the dialogue service does before there is an event loop, and tests do within theirs."""
LOG = ("logging/__init__.py", {"emit"})
"""Lines to standard output, which the tests' runner has put another file in the place of."""


@contextmanager
def nothing_blocks(*rooms: str) -> Iterator[list[str]]:
    """Let blocking calls from within `rooms` fail; give what was found, which ends up in an error.

    Raises:
        AssertionError: something blocked, and whoever called it took that for a failure of theirs.
    """
    found: list[str] = []
    real = BlockingError.__init__

    def note(error: BlockingError, function: str) -> None:
        found.append(function)
        real(error, function)

    BlockingError.__init__ = note  # type: ignore[method-assign]
    try:
        with blockbuster_ctx(list(rooms)) as guard:
            for function in guard.functions.values():
                for path, names in (*AT_START, LOG):
                    function.can_block_in(path, names)
            yield found
    finally:
        BlockingError.__init__ = real  # type: ignore[method-assign]
    assert not found, f"the event loop was blocked by {', '.join(found)}"
