"""消息内容: what `sync_msg` returns, as an InboundMessage and the platform's own part. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.channels.wechat.bodies import kept_or_excused
from bot.channels.wechat.parse import scene_payload

_FROM_CUSTOMER, _FROM_SYSTEM = 3, 4
_ID = re.compile(r"[\w\-]{1,64}")
_LAST_MOMENT = 4_102_444_800
_SEEN_MEDIA = {"image": "photo", "voice": "voice", "file": "file"}


@dataclass(frozen=True)
class KfMessage:
    """One message or event of 微信客服.

    Attributes:
        customer: external_userid of the citizen.
        desk: open_kfid of the customer service account.
        welcome_code: allows one greeting within 20 seconds of entering.
    """

    id: str
    customer: str
    desk: str
    at: datetime
    body: dict[str, Any]
    grant: str | None = None
    menu_id: str = ""
    welcome_code: str = ""


def read_kf_message(row: dict[str, Any]) -> KfMessage | None:
    """Read one entry of a page; None for what staff said, other events, and garbage."""
    origin, kind = row.get("origin"), _text(row, "msgtype")
    part = row.get(kind)
    if not isinstance(part, dict) or origin not in {_FROM_CUSTOMER, _FROM_SYSTEM}:
        return None
    if origin == _FROM_SYSTEM and _text(part, "event_type") != "enter_session":
        return None
    who = part if origin == _FROM_SYSTEM else row
    id, customer, desk = (
        _text(row, "msgid"), _text(who, "external_userid"), _text(who, "open_kfid"),
    )  # fmt: skip
    if not all(_ID.fullmatch(name) for name in (id, customer, desk)):
        return None
    moment = row.get("send_time")
    if not isinstance(moment, int) or not 0 <= moment < _LAST_MOMENT:
        return None
    at = datetime.fromtimestamp(moment, UTC)
    if origin == _FROM_SYSTEM:
        code = _text(part, "welcome_code")
        body = _entered(_text(part, "scene_param"))
        grant = "event" if code else None
        return KfMessage(id, customer, desk, at, body, grant, welcome_code=code)
    return KfMessage(
        id, customer, desk, at, _body(kind, part), "message", menu_id=_text(part, "menu_id")
    )


def _entered(scene: str) -> dict[str, Any]:
    """Return what entering the conversation means: a receipt's code opens its case."""
    if payload := scene_payload(scene):
        return {"kind": "button", "payload": payload}
    return {"kind": "event"}


def _body(kind: str, part: dict[str, Any]) -> dict[str, Any]:
    """Return what a citizen's message is to the rest of the door."""
    if kind == "text":
        return kept_or_excused({"kind": "text", "text": part.get("content")})
    if kind in _SEEN_MEDIA:
        platform: dict[str, Any] = {"media": {"id": _text(part, "media_id")[:300]}}
        if kind == "voice":
            # 微信客服 sends no recognised text with a recording.
            platform["say"] = "voice_unheard"
        return {"kind": _SEEN_MEDIA[kind], "platform": platform}
    if kind == "location":
        label = " ".join(filter(None, (_text(part, "name"), _text(part, "address"))))
        place = {
            "lat": part.get("latitude"),
            "lon": part.get("longitude"),
            "system": "gcj02",
            "label": label[:200] or None,
        }
        return kept_or_excused({"kind": "location", "location": place})
    if kind == "link":
        parts = [_text(part, name) for name in ("title", "desc", "url")]
        return kept_or_excused({"kind": "text", "text": "\n".join(filter(None, parts))})
    return {"kind": "event", "platform": {"say": "unseen"}}


def _text(row: dict[str, Any], name: str) -> str:
    """Return a text, empty where there is none."""
    value = row.get(name)
    return value if isinstance(value, str) else ""
