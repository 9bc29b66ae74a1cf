"""The street of such a house: `python -m tests.converse.street 2026-11-30T09:00`.

It is what `paoyici serve` serves, composed with another clock.
"""

from __future__ import annotations

import sys

from paoyici.serve import serve
from tests.converse.clock import RunningClock, moment_of

if __name__ == "__main__":
    sys.exit(serve("street", RunningClock(moment_of(sys.argv[1]))))
