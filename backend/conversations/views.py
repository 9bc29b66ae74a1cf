"""How a log is asked for and shown, to the door and to the desk."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from pydantic import Field

from backend.clear import ClearBody, Mask, Reader
from backend.conversations.model import Author, Delivery, DeliveryState, Direction, Message
from backend.validation import After, Answer, Body


class LogQuery(Body):
    """Which piece of the log."""

    after: After = 0
    limit: int = Field(default=100, ge=1, le=500)


class DeliveryView(Answer):
    """送达: how it stands with a reply that did not arrive at the first attempt."""

    state: DeliveryState
    attempts: int
    reason: str | None
    next_try_at: datetime | None


class MessageView(Answer):
    """A message of the log; `delivery` is there only where the first attempt failed."""

    message_id: str
    seq: int
    direction: Direction
    author: dict[str, str]
    body: ClearBody
    at: datetime
    delivery: DeliveryView | None = None

    @classmethod
    def of(
        cls,
        message: Message,
        delivery: Delivery | None = None,
        *,
        mask: Mask | None = None,
        reader: Reader = Reader.STAFF,
    ) -> MessageView:
        """Return the view of a message.

        Args:
            message: a message of the log.
            delivery: how it stands with it, where that is worth telling.
            mask: how texts about its citizen are masked.
            reader: for whom the view is made.
        """
        return cls(
            message_id=message.id,
            seq=message.seq,
            direction=message.direction,
            author=author_view(message.author),
            body=ClearBody(message.body, mask or Mask(), reader),
            at=message.at,
            delivery=delivery and DeliveryView(**asdict(delivery)),
        )


class Log(Answer):
    """A piece of a log, oldest first."""

    messages: list[MessageView]


def author_view(author: Author) -> dict[str, str]:
    """Return an author as others see one: staff by name, never by account."""
    return {"kind": author.kind} | ({"name": author.name} if author.name else {})
