"""个人 Whose data is meant, as keys and numbers into the collections: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from backend.people.model import Link


@dataclass(frozen=True, slots=True)
class Subject:
    """个人 What belongs to one person.

    Attributes:
        links: the person with each phone that is meant.
        identities: keys of the channel identities, such as `web:…`.
        conversations: ids of the talks that are theirs.
        cases: numbers.
        reports: numbers.
        handoffs: ids.
        media: ids of the files in all of these.
    """

    links: tuple[Link, ...] = ()
    identities: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    handoffs: tuple[str, ...] = ()
    media: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is known of them."""
        return not any(asdict(self).values())

    def names(self) -> tuple[str, ...]:
        """Return every id and number by which something of theirs may be found in an answer."""
        return (*self.conversations, *self.cases, *self.reports, *self.handoffs, *self.media)

    def to_document(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def subject_of(document: Mapping[str, Any]) -> Subject:
    """Return the subject that `to_document` wrote."""
    values = {name: tuple(value) for name, value in document.items()}
    return Subject(**{**values, "links": tuple(Link(**link) for link in document["links"])})
