"""回复 Builds Reply objects, the channel-neutral messages of docs/design.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from actions.texts import say

Reply = dict[str, Any]
Chip = dict[str, str]
MAX_CHIPS = 4


def payload(intent: str, **values: object) -> str:
    """Return the payload a button sends back: `/intent{json}`."""
    return f"/{intent}{json.dumps(values, ensure_ascii=False)}" if values else f"/{intent}"


def chip(name: str, intent: str, **values: object) -> Chip:
    """Return a next step; its title is the text `chips.{name}`."""
    return {"title": say(f"chips.{name}"), "payload": payload(intent, **values)}


def person() -> Chip:
    """Return the way to a person, which stands beside every failure."""
    return chip("person", "ask_human")


def text(words: str, chips: Sequence[Chip] = (), *, asks: str = "") -> Reply:
    """Return a plain message; `asks` is the kind of field that it is the question for."""
    return _reply("text", words, chips, asks=asks)


def notice(words: str, chips: Sequence[Chip] = ()) -> Reply:
    """Return a small grey line of the system."""
    return _reply("notice", words, chips)


def card(
    words: str,
    title: str,
    *,
    fields: Iterable[tuple[str, object]] = (),
    kinds: Mapping[str, str] | None = None,
    sections: Iterable[tuple[str, Sequence[str]]] = (),
    timeline: Sequence[dict[str, Any]] = (),
    source: dict[str, Any] | None = None,
    link: tuple[str, str] | None = None,
    chips: Sequence[Chip] = (),
) -> Reply:
    """Return a card: the answer in `words`, the details in fields and sections that open.

    `kinds` tells of what kind the value under a label is, where it is a citizen's own; `link` is
    the address and the title of a page that belongs to the card.
    """
    parts = {
        "title": title,
        "fields": [
            _of_kind({"label": label, "value": str(value)}, kinds, label)
            for label, value in fields
            if value
        ],
        "sections": [{"title": name, "lines": list(lines)} for name, lines in sections if lines],
        "timeline": list(timeline),
        "source": source,
    }
    if link:
        parts["link_url"], parts["link_title"] = link
    return _reply("card", words, chips, **parts)


def listing(
    words: str,
    items: Iterable[tuple[str, str, str]],
    *,
    title: str = "",
    kinds: Mapping[str, str] | None = None,
    chips: Sequence[Chip] = (),
) -> Reply:
    """Return a list to press: (title, note, payload) each; `kinds` as on a card, by title."""
    named = [dict(zip(("title", "note", "payload"), item, strict=True)) for item in items]
    rows = [
        _of_kind({key: value for key, value in row.items() if value}, kinds, row["title"])
        for row in named
    ]
    return _reply("list", words, chips, title=title, items=rows)


def image(words: str, url: str, alt: str, chips: Sequence[Chip] = ()) -> Reply:
    """Return a picture, such as a receipt's QR code."""
    return _reply("image", words, chips, image_url=url, image_alt=alt)


def _of_kind(row: dict[str, str], kinds: Mapping[str, str] | None, label: str) -> dict[str, str]:
    kind = (kinds or {}).get(label)
    return row | {"kind": kind} if kind else row


def _reply(kind: str, words: str, chips: Sequence[Chip], **parts: object) -> Reply:
    if len(chips) > MAX_CHIPS:
        raise ValueError(f"{len(chips)} chips under {words[:20]!r}; at most {MAX_CHIPS} help")
    present = {key: value for key, value in parts.items() if value}
    reply: Reply = {"kind": kind, "text": words, **present}
    if chips:
        reply["chips"] = list(chips)
    return reply
