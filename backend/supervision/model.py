"""查阅记录 What is kept of a look at personal data; each record vouches for those before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Access:
    """One look of staff.

    Attributes:
        action: what was done, such as `messages.read`, `case.read` or `case.reveal`.
        entity: `handoff`, `case`, `report` or `media`.
        entity_id: its number or id.
        why: the reason given; empty where none is asked for.
    """

    staff_id: str
    action: str
    entity: str
    entity_id: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """账号变动 Something that was done to an account, or a log-in.

    Attributes:
        type: such as `staff.created` or `staff.in`.
        by: name of whoever did it; of what was done at the machine itself, its user, if known.
        at_machine: done by nobody who was logged in.
        own: by the account's owner.
        roles: that the account was given, where it was opened.
    """

    at: datetime
    type: str
    by: str
    at_machine: bool
    own: bool
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A record's place in the chain.

    Attributes:
        seq: its number, from 1 and without gaps.
        mac: keyed hash of the record, its number and the mac of the record before.
        earlier: what stood there under earlier keys; the record after may still be of one.
    """

    seq: int
    mac: str
    earlier: tuple[str, ...] = ()

    @property
    def macs(self) -> tuple[str, ...]:
        """Return every mac it has or had."""
        return (self.mac, *self.earlier)


START = Link(0, "")


@dataclass(frozen=True, slots=True)
class Noted:
    """What somebody wrote down of an earlier look through the chain.

    Attributes:
        seq: number of the record that was the last one then.
        code: the beginning of its mac.
    """

    seq: int
    code: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """核对 What a look through the whole chain found.

    Attributes:
        last: the last of the records that vouch for one another from the first on; noted
            elsewhere, it shows later whether the end was cut off.
        broken_at: number of the first record that is missing or was changed; None where all fit.
        strangers: records that stand in no place of the chain.
        as_noted: whether the record that was noted still stands there; None where none was.
    """

    last: Link
    broken_at: int | None
    strangers: int
    as_noted: bool | None = None

    @property
    def intact(self) -> bool:
        """Tell whether nothing was changed, removed or put in."""
        return self.broken_at is None and not self.strangers and self.as_noted is not False


def vouched(access: Access, seq: int, before: str) -> str:
    """Return what a record's keyed hash is taken of; two records never have the same.

    Args:
        access: the record.
        seq: its number.
        before: the mac of the record before, empty for the first.
    """
    moment = access.at.astimezone(UTC).isoformat(timespec="milliseconds")
    parts = [seq, before, access.staff_id, access.action, access.entity, access.entity_id,
             moment, access.why]  # fmt: skip
    return json.dumps(parts, ensure_ascii=False)
