"""What the door sends for a turn, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dialogue.errors import BadTurnError
from dialogue.past import Ticket

KINDS = frozenset({"text", "button", "photo", "voice", "location", "file", "event"})

OWNERS = ("bot", "staff")


@dataclass(frozen=True)
class TurnRequest:
    """One turn.

    Attributes:
        key: the same key again means the same turn again.
        message: an InboundMessage.
        identity: `{"channel", "id"}` of the citizen.
        previous: key of the turn before, where the door is sure that nobody ran one since.
        ticket: the turn's place among those the door has sent, where it says so.
        owner: who answers in the conversation now: `bot`, or `staff` while a clerk has it.
        expects: cases whose supplement the office waits for: `{number, since}`, oldest first.
    """

    conversation_id: str
    key: str
    at: str
    message: dict[str, Any]
    identity: dict[str, str]
    elder: bool
    previous: str | None = None
    ticket: Ticket | None = None
    owner: str = "bot"
    expects: tuple[dict[str, str], ...] = ()

    def metadata(self) -> dict[str, Any]:
        """Return what actions read of the turn in `tracker.latest_message["metadata"]`."""
        return {
            "key": self.key,
            "conversation_id": self.conversation_id,
            "identity": self.identity,
            "kind": self.message["kind"],
            "media_ids": self.message.get("media_ids", []),
            "location": self.message.get("location"),
            "elder": self.elder,
            "at": self.at,
            "owner": self.owner,
            "expects": list(self.expects),
        }


def read_turn(content: Any) -> TurnRequest:
    """Read the body of `POST /turn`.

    Raises:
        BadTurnError: it breaks the contract.
    """
    try:
        message, identity = content["message"], content["identity"]
        turn = TurnRequest(
            conversation_id=content["conversation_id"],
            key=content["key"],
            at=content["at"],
            message=message,
            identity={"channel": identity["channel"], "id": identity["id"]},
            elder=bool(content.get("elder", False)),
            previous=content.get("previous"),
            ticket=_ticket(content.get("ticket")),
            owner=content.get("owner", "bot"),
            expects=tuple(
                {"number": str(one["number"]), "since": str(one["since"])}
                for one in content.get("expects") or ()
            ),
        )
        strings = (turn.conversation_id, turn.key, turn.at, *turn.identity.values())
        well_formed = message["kind"] in KINDS and all(isinstance(text, str) for text in strings)
    except (KeyError, TypeError) as error:
        raise BadTurnError from error
    if not isinstance(turn.previous, (str, type(None))) or turn.owner not in OWNERS:
        raise BadTurnError
    if not well_formed or not isinstance(message.get("text") or "", str):
        raise BadTurnError
    return turn


def _ticket(content: Any) -> Ticket | None:
    """Read a ticket: two whole numbers.

    Raises:
        BadTurnError: it is something else.
    """
    if content is None:
        return None
    if not (isinstance(content, list) and [type(part) for part in content] == [int, int]):
        raise BadTurnError
    return content[0], content[1]
