"""回调内容: what a callback says, as an InboundMessage and the platform's own part. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.channels.wechat.bodies import kept_or_excused
from bot.errors import BadMessageError
from bot.messages import MAX_TEXT

_OPENID = re.compile(r"[\w@.\-]{1,64}")
_DIGITS = re.compile(r"[0-9]{1,20}")
_NUMBER = re.compile(r"(?:BJ|GD)[0-9]{13}", re.IGNORECASE)
_ITEM = re.compile(r"item:([A-Z]{2}[0-9]{3})")
_SHORT_GRANTS = frozenset({"click", "subscribe", "scan"})
_SEEN_MEDIA = {"image": "photo", "voice": "voice"}


@dataclass(frozen=True)
class Incoming:
    """One callback, read.

    Attributes:
        sender: openid of the citizen.
        receiver: the account it was sent to, as a reply has to name it.
        key: what the platform's retries of one sender's message have in common (MsgId, or time and
            event); two senders may have the same.
        at: when the platform says it was sent.
        body: an InboundMessage with an added `platform` part that never leaves the door.
        grant: `message`, `event` or None: which right to send customer messages it gives.
        menu_id: the entry of an offered menu that was pressed.
    """

    sender: str
    receiver: str
    key: str
    at: datetime
    body: dict[str, Any]
    grant: str | None = None
    menu_id: str = ""
    event: str = ""
    consents: dict[str, str] = field(default_factory=dict)


def read_incoming(fields: dict[str, Any]) -> Incoming:
    """Read the fields of an opened callback.

    Raises:
        BadMessageError: a part that every message has is missing or impossible.
    """
    sender, receiver = _text(fields, "FromUserName"), _text(fields, "ToUserName")
    created, kind = _text(fields, "CreateTime"), _text(fields, "MsgType").lower()
    if not (_OPENID.fullmatch(sender) and _OPENID.fullmatch(receiver) and kind):
        raise BadMessageError("callback.fields")
    at = _moment(created)
    if kind == "event":
        event = _text(fields, "Event").lower()
        # 重复推送: events have no MsgId; the sender and the second, as STANDARDS says, and what
        # happened besides, because following and scanning may fall into one second.
        what = hashlib.sha256(f"{event}\n{_text(fields, 'EventKey')}".encode()).hexdigest()
        key = f"{created}:{what[:12]}"
        grant = "event" if event in _SHORT_GRANTS else None
        return Incoming(
            sender, receiver, key, at, _event_body(event, fields), grant,
            event=event, consents=_consents(event, fields),
        )  # fmt: skip
    number = _text(fields, "MsgId")
    if not _DIGITS.fullmatch(number):
        raise BadMessageError("callback.fields")
    return Incoming(
        sender, receiver, number, at, _message_body(kind, fields), "message",
        menu_id=_text(fields, "bizmsgmenuid"),
    )  # fmt: skip


def _message_body(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Return what a citizen's message is to the rest of the door."""
    if kind == "text":
        return kept_or_excused({"kind": "text", "text": _text(fields, "Content")})
    if kind in _SEEN_MEDIA:
        return _media_body(_SEEN_MEDIA[kind], fields)
    if kind == "location":
        return _location_body(fields)
    if kind == "link":
        parts = [_text(fields, name).strip() for name in ("Title", "Description", "Url")]
        return kept_or_excused({"kind": "text", "text": "\n".join(filter(None, parts))})
    return {"kind": "event", "platform": {"say": "unseen"}}


def _media_body(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Return a photo or recording; the file itself is fetched before the turn."""
    media = {"id": _text(fields, "MediaId")[:200], "url": _text(fields, "PicUrl")[:1000]}
    heard = _text(fields, "Recognition").strip()
    body: dict[str, Any] = {"kind": kind, "platform": {"media": media}}
    if kind == "voice":
        if heard:
            body["text"] = heard[:MAX_TEXT]
        else:
            body["platform"]["say"] = "voice_unheard"
    return body


def _location_body(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a place; the platform measures in GCJ-02."""
    place = {
        "lat": _text(fields, "Location_X"),
        "lon": _text(fields, "Location_Y"),
        "system": "gcj02",
        "label": _text(fields, "Label")[:200] or None,
    }
    return kept_or_excused({"kind": "location", "location": place})


def _event_body(event: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Return what an event is to the rest of the door."""
    key = _text(fields, "EventKey")
    if event == "click" and key:
        if key.startswith("/"):
            return kept_or_excused({"kind": "button", "payload": key})
        return kept_or_excused({"kind": "text", "text": key})
    if event in {"scan", "subscribe"} and (payload := scene_payload(key)):
        return {"kind": "button", "payload": payload}
    if event in {"scan", "subscribe"}:
        return {"kind": "event"}
    return {"kind": "event", "platform": {"quiet": True}}


def scene_payload(scene: str) -> str | None:
    """场景值: return what a QR code's scene asks for: a case, a ticket or a service item."""
    scene = scene.removeprefix("qrscene_")
    if _NUMBER.fullmatch(scene):
        return "/query_progress" + json.dumps({"case_number": scene.upper()})
    if found := _ITEM.fullmatch(scene):
        return "/ask_guide" + json.dumps({"item_code": found[1]})
    return None


def _consents(event: str, fields: dict[str, Any]) -> dict[str, str]:
    """Return what the citizen answered to subscription prompts: template id → accept or reject."""
    if event not in {"subscribe_msg_popup_event", "subscribe_msg_change_event"}:
        return {}
    name = "SubscribeMsgPopupEvent" if "popup" in event else "SubscribeMsgChangeEvent"
    outer = fields.get(name)
    entries = outer.get("List", []) if isinstance(outer, dict) else []
    rows = entries if isinstance(entries, list) else [entries]
    return {
        _text(row, "TemplateId")[:64]: _text(row, "SubscribeStatusString")
        for row in rows
        if isinstance(row, dict) and _text(row, "TemplateId")
    }


def _text(fields: dict[str, Any], name: str) -> str:
    """Return a field as text; a field with children is as good as missing."""
    value = fields.get(name)
    return value.strip() if isinstance(value, str) and name != "Content" else _raw(value)


def _raw(value: Any) -> str:
    """Return a text as it is."""
    return value if isinstance(value, str) else ""


def _moment(created: str) -> datetime:
    """Return the time of a message.

    Raises:
        BadMessageError: it is none.
    """
    if not (_DIGITS.fullmatch(created) and len(created) <= 10):
        raise BadMessageError("callback.fields")
    return datetime.fromtimestamp(int(created), UTC)
