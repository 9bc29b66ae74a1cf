"""身份核验 Rules of verification: who may try, when the door is locked, what a phone looks like."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_FAILURES = 5
LOCK = timedelta(hours=1)
_ERASED = "erased"
_PHONE = re.compile(r"1[3-9][0-9]{9}")


@dataclass(frozen=True)
class Identity:
    """渠道身份 Who somebody is to a channel, such as an open id or a browser's conversation."""

    channel: str
    id: str

    @property
    def key(self) -> str:
        """Return the identity as one string, for documents and events."""
        return f"{self.channel}:{self.id}"

    @property
    def is_erased(self) -> bool:
        """Tell whether this stands for somebody whose personal data is gone."""
        return self.channel == _ERASED


def erased(number: str) -> Identity:
    """Return what stands in a record instead of whoever it was of.

    Args:
        number: of the record.
    """
    return Identity(_ERASED, number)


@dataclass(frozen=True)
class Link:
    """A person, and the blind index of the phone by which they are known here."""

    person_id: str
    phone_index: str


@dataclass(frozen=True)
class Verification:
    """核验结果 Whether somebody is who they say; `locked_until` when the door is shut now."""

    verified: bool
    locked_until: datetime | None = None


@dataclass(frozen=True)
class Attempts:
    """核验次数 How often somebody tried since the count began, and until when the door is shut."""

    count: int = 0
    since: datetime | None = None
    locked_until: datetime | None = None

    def locked_at(self, at: datetime) -> datetime | None:
        """Return until when the door is shut at `at`, or None when it is open."""
        if self.locked_until is None or self.locked_until <= at:
            return None
        return self.locked_until

    def after_failure(self, at: datetime) -> Attempts:
        """Return the count after one more wrong answer; the fifth within an hour locks an hour."""
        fresh = self.since is None or at - self.since >= LOCK or self.locked_until is not None
        count = 1 if fresh else self.count + 1
        since = at if fresh else self.since
        return Attempts(count, since, at + LOCK if count >= MAX_FAILURES else None)


def normalise_phone(text: str) -> str:
    """手机号 Return a mobile number without spaces, hyphens and the country code."""
    digits = re.sub(r"[\s\-—–()]", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"^(\+86|0086|86(?=1[3-9][0-9]{9}$))", "", digits)


def is_phone(text: str) -> bool:
    """手机号 Tell whether `text` is a mobile number of mainland China."""
    return _PHONE.fullmatch(normalise_phone(text)) is not None
