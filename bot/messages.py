"""What citizens send: the InboundMessage every channel produces."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.errors import BadMessageError, TooLargeError

Message = TypeVar("Message", bound=BaseModel)

MAX_TEXT = 4000
"""Longest text of a message, in characters."""

Kind = Literal["text", "button", "photo", "voice", "location", "file", "event"]
MediaId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w-]+$")]


# Letters of their scripts that show nothing: fillers of Hangul, the empty pattern of Braille.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"})


def _shows(text: str | None) -> bool:
    """Say whether a text puts anything on the screen."""
    return any(
        unicodedata.category(letter) not in _UNSEEN and letter not in _BLANK
        for letter in text or ""
    )


class Location(BaseModel):
    """A place: degrees, with the coordinate system it was measured in."""

    model_config = ConfigDict(extra="ignore")

    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    system: Literal["gcj02", "wgs84"] = "gcj02"
    label: str | None = Field(default=None, max_length=200)


class InboundMessage(BaseModel):
    """One thing a citizen sent, the same for every channel.

    Raises:
        ValueError: with an error key as its text, when a part the kind needs is missing.
    """

    model_config = ConfigDict(extra="ignore")

    kind: Kind
    text: str | None = Field(default=None, max_length=MAX_TEXT)
    payload: str | None = Field(default=None, max_length=2000)
    media_ids: list[MediaId] = Field(default_factory=list, max_length=9)
    location: Location | None = None

    @model_validator(mode="after")
    def _storable(self) -> Self:
        """Refuse a NUL, which the office does not keep."""
        label = self.location.label if self.location else None
        if any("\0" in words for words in (self.text, self.payload, label) if words):
            raise ValueError("message.broken")
        return self

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Check that the kind has what makes it that kind."""
        if self.kind == "text" and not _shows(self.text):
            raise ValueError("message.empty")
        if self.kind == "button" and not (self.payload or "").startswith("/"):
            raise ValueError("message.payload")
        if self.kind in {"photo", "file"} and not self.media_ids:
            raise ValueError("media.missing")
        if self.kind == "voice" and not (self.media_ids or _shows(self.text)):
            raise ValueError("media.missing")
        if self.kind == "location" and self.location is None:
            raise ValueError("location.invalid")
        if self.kind != "button":
            # A payload is a command; only a pressed button may carry one.
            self.payload = None
        return self

    def body(self) -> dict[str, Any]:
        """Return the JSON object of the contract, absent fields left out."""
        return self.model_dump(
            exclude_none=True,
            exclude={"media_ids"} if not self.media_ids else None,
            include=set(InboundMessage.model_fields),
        )


_KEYS_BY_FIELD = {
    "kind": "message.kind",
    "location": "location.invalid",
    "client_msg_id": "message.id",
    "payload": "message.payload",
    "media_ids": "media.not_found",
}


def read_message(model: type[Message], raw: bytes) -> Message:
    """Read a JSON body.

    Raises:
        BadMessageError: broken UTF-8 or JSON, an unknown kind, an impossible place.
        TooLargeError: the text is longer than `MAX_TEXT`.
    """
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
    field = str(problem["loc"][0]) if problem["loc"] else ""
    if problem["type"] == "string_too_long" and field == "text":
        raise TooLargeError("message.too_long", limit=MAX_TEXT)
    if problem["type"] == "value_error":
        raise BadMessageError(str(problem["ctx"]["error"]))
    raise BadMessageError(_KEYS_BY_FIELD.get(field, "message.broken"))
