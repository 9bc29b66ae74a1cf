"""How a log is asked for and shown, to the door and to the desk."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field, JsonValue

from backend.conversations.model import Author, Direction, Message
from backend.validation import After, Answer, Body


class LogQuery(Body):
    """Which piece of the log."""

    after: After = 0
    limit: int = Field(default=100, ge=1, le=500)


class MessageView(Answer):
    """A message of the log."""

    message_id: str
    seq: int
    direction: Direction
    author: dict[str, str]
    body: dict[str, JsonValue]
    at: datetime

    @classmethod
    def of(cls, message: Message) -> MessageView:
        """Return the view of a message."""
        return cls(
            message_id=message.id,
            seq=message.seq,
            direction=message.direction,
            author=author_view(message.author),
            body=message.body,
            at=message.at,
        )


class Log(Answer):
    """A piece of a log, oldest first."""

    messages: list[MessageView]


def author_view(author: Author) -> dict[str, str]:
    """Return an author as others see one: staff by name, never by account."""
    return {"kind": author.kind} | ({"name": author.name} if author.name else {})
