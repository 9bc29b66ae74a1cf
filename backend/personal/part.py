"""What a capability says of the personal data it keeps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from backend.document import Document
from backend.office import Office
from backend.personal.subject import Subject


@dataclass(frozen=True, slots=True)
class Part:
    """One capability's share of a person.

    Attributes:
        name: what it is called in a copy and in a receipt.
        collections: where it is kept.
        personal: returns what there is of a person, in clear.
        erase: removes it and returns how many documents were touched; doing it again does nothing.
    """

    name: str
    collections: tuple[str, ...]
    personal: Callable[[Office, Subject], Awaitable[list[Document]]]
    erase: Callable[[Office, Subject], Awaitable[int]]
