"""明文 What somebody wrote, on its way out: masked by itself, in clear only for who may read it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, PlainSerializer, PlainValidator

from backend.document import Document
from backend.privacy import PublicNumbers, mask_document, mask_text


class Reader(StrEnum):
    """Who reads: staff, staff whose reason stands in the access log, or whoever wrote it."""

    STAFF = "staff"
    NOTED = "noted"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Mask:
    """脱敏 How texts about one citizen are masked: the names they gave, and public numbers."""

    names: frozenset[str] = frozenset()
    public: PublicNumbers = field(default_factory=PublicNumbers)

    def and_of(self, names: Iterable[str]) -> Mask:
        """Return how texts are masked that hold more names."""
        return Mask(self.names.union(names), self.public)

    def of(self, text: str) -> str:
        """Return a text without personal data."""
        return mask_text(text, self.names, self.public)

    def of_body(self, body: Document) -> Document:
        """Return a message's body without personal data."""
        return mask_document(body, self.names, self.public)


class Written(ABC):
    """What a view holds of a citizen's or a clerk's words; JSON has what its reader may see."""

    __slots__ = ()
    _json: ClassVar[Any]

    @property
    @abstractmethod
    def shown(self) -> Any:
        """Return it as its reader may see it."""

    @classmethod
    @abstractmethod
    def of_bare(cls, value: object) -> Self:
        """Return what was given without saying for whom: for staff, so masked.

        Raises:
            ValueError: it is nothing anybody writes.
        """

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> Any:
        """Serialise `shown`, and take bare words for masked ones."""
        shown = PlainSerializer(lambda written: written.shown, return_type=cls._json)
        return handler.generate_schema(Annotated[Any, PlainValidator(cls.of_bare), shown])


@dataclass(frozen=True, slots=True)
class Clear(Written):
    """明文 A text somebody wrote. `str`, `repr` and JSON never have it in clear for staff.

    Attributes:
        text: as it was written.
        mask: how it is masked.
        reader: for whom the view is made.
    """

    text: str = field(repr=False)
    mask: Callable[[str], str] = field(default=mask_text, repr=False)
    reader: Reader = Reader.STAFF
    _json = str

    @property
    def shown(self) -> str:
        """Return the text as its reader may see it."""
        return self.mask(self.text) if self.reader is Reader.STAFF else self.text

    @classmethod
    def of_bare(cls, value: object) -> Self:
        """Return a text for staff."""
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            return cls(value)
        raise ValueError("is no text")


@dataclass(frozen=True, slots=True)
class ClearBody(Written):
    """明文 A message's body: texts that somebody wrote, with identifiers among them.

    Attributes:
        body: as it was written.
        mask: how its texts are masked.
        reader: for whom the view is made.
    """

    body: Document = field(repr=False)
    mask: Mask = field(default_factory=Mask, repr=False)
    reader: Reader = Reader.STAFF
    _json = dict[str, Any]

    @property
    def shown(self) -> Document:
        """Return the body as its reader may see it."""
        return self.mask.of_body(self.body) if self.reader is Reader.STAFF else self.body

    @classmethod
    def of_bare(cls, value: object) -> Self:
        """Return a body for staff."""
        if isinstance(value, cls):
            return value
        if isinstance(value, dict):
            return cls(value)
        raise ValueError("is no body")
