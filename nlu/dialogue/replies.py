"""Replies on their way out: whatever Rasa utters becomes a Reply of the contract."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml
from rasa.core.channels.channel import OutputChannel

MAX_CHIPS = 4

Reply = dict[str, Any]


class ReplyCollector(OutputChannel):
    """Collects what a turn says, in order."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, by which response variations may be chosen."""
        return "paoyici"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one utterance."""
        if reply := as_reply(message):
            self.replies.append(reply)


def as_reply(message: dict[str, Any]) -> Reply | None:
    """Return the Reply an utterance stands for, or None for one that says nothing.

    Actions send complete Reply objects as `custom`; `utter_` responses have text, buttons and
    an image.
    """
    custom = message.get("custom")
    if isinstance(custom, dict) and custom.get("kind"):
        return dict(custom)
    text, image = message.get("text"), message.get("image")
    chips = [
        {"title": button["title"], "payload": button["payload"]}
        for button in message.get("buttons") or []
        if button.get("title") and button.get("payload")
    ][:MAX_CHIPS]
    if not (text or image or chips):
        return None
    reply: Reply = {"kind": "image" if image else "text", "text": text or ""}
    if image:
        reply["image_url"] = image
    if chips:
        reply["chips"] = chips
    return reply


class OwnReplies:
    """What the service says by itself, from `data/replies/bot.yml`."""

    def __init__(self, data_dir: Path) -> None:
        path = data_dir / "replies" / "bot.yml"
        self._replies = yaml.safe_load(path.read_text(encoding="utf-8"))["replies"]

    def get(self, name: str) -> Reply:
        """Return a fresh copy of a Reply."""
        return deepcopy(self._replies[name])
