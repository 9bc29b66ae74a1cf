"""缴费 Whether a time somebody tells is one of paying in, and into which fund. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from standards.acceptors.told import Told

HOUSING = "公积金"
_SOCIAL = re.compile(r"社保|保险|医保|五险")
# "Not yet paid for a full year" is paying in, "not paid for a year" is not.
_STOPPED = re.compile(
    r"断|停|欠|[没未不](?:有|得|再|继续|给[我他她]|帮[我他她])*(?:[交缴买](?![满到够齐])|参保)"
)
_BREATH = re.compile(r"[,，。;；!！?？]")


def is_paid(text: str, one: Told, told: Sequence[Told]) -> bool:
    """Tell whether a time in `text` is one in which was paid, and not one since it stopped."""
    return not _STOPPED.search(_phrase(text, one, told))


def into_housing(text: str, one: Told, told: Sequence[Told]) -> bool | None:
    """Tell whether the 公积金 was paid and not the 社保; None where both or none are named."""
    phrase = _phrase(text, one, told)
    housing, social = HOUSING in phrase, bool(_SOCIAL.search(phrase))
    return None if housing == social else housing


def _phrase(text: str, one: Told, told: Sequence[Told]) -> str:
    """Return the breath a time stands in; what stands between two is said of the later one."""
    starts = [match.end() for match in _BREATH.finditer(text, 0, one.start)]
    starts += [other.end for other in told if other.end <= one.start]
    end = next((match.start() for match in _BREATH.finditer(text, one.end)), len(text))
    followed = any(one.end <= other.start < end for other in told)
    return text[max(starts, default=0) : one.end if followed else end]
