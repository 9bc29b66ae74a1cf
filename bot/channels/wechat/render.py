"""排版: a channel-neutral Reply as the text of a messaging app, with entries to press. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels.wechat.articles import whole_url
from bot.channels.wechat.offers import Offer

Words = Mapping[str, str]
PressLine = Callable[[Offer], str]
"""Writes one entry to press in the platform's own way."""


@dataclass(frozen=True)
class Rendered:
    """排好的一条: what must be seen, what may be cut, and what is offered below.

    Attributes:
        head: the answer itself.
        detail: fields, steps and sources, which also stand on the page.
        foot: links and entries to press.
    """

    head: str
    detail: str = ""
    foot: str = ""
    offers: tuple[Offer, ...] = field(default=())

    @property
    def text(self) -> str:
        """Return everything."""
        return "\n".join(filter(None, (self.head, self.detail, self.foot)))


def pressed_in_wechat(offer: Offer) -> str:
    """Write an entry that WeChat sends back with its id when it is pressed."""
    number = f"{offer.number}. " if offer.number else "▸ "
    title = plain(offer.title).replace('"', "").replace("&", "＆")
    return (
        f'<a href="weixin://bizmsgmenu?msgmenucontent={title}&msgmenuid={offer.id}">'
        f"{number}{title}</a>"
    )


def said_in_words(offer: Offer) -> str:
    """Write an entry for a platform without entries to press: it is said instead."""
    return f"{offer.number}. {offer.title}" if offer.number else f"▸ {offer.title}"


def plain(text: str) -> str:
    """Return a text in which nothing can act as a link of ours."""
    return text.replace("<", "＜").replace(">", "＞")


def render(reply: Mapping[str, Any], words: Words, origin: str, press: PressLine) -> Rendered:
    """排版 one Reply.

    Args:
        reply: a Reply of docs/design.md; anything it lacks is left out.
        words: the labels of `data/replies/wechat.yml`.
        origin: public origin that relative links are appended to.
        press: how the platform writes an entry to press.
    """
    items = [
        Offer(_text(item, "title"), _text(item, "payload"), place)
        for place, item in enumerate(_rows(reply, "items"), 1)
    ]
    chips = [Offer(_text(chip, "title"), _text(chip, "payload")) for chip in _rows(reply, "chips")]
    offered = [one for one in [*items, *chips] if one.title and one.payload.startswith("/")]
    notes = {_text(item, "title"): _text(item, "note") for item in _rows(reply, "items")}
    pressable = [
        press(one) + (f"（{plain(note)}）" if (note := notes.get(one.title)) else "")
        for one in offered
    ]
    return Rendered(
        head=plain(_text(reply, "text")) or plain(_text(reply, "title")),
        detail="\n".join(_details(reply, words)),
        foot="\n".join([*_links(reply, words, origin), *pressable]),
        offers=tuple(offered),
    )


def _details(reply: Mapping[str, Any], words: Words) -> list[str]:
    """Return fields, sections, what happened when, and where the rule comes from."""
    lines = []
    if (title := _text(reply, "title")) and _text(reply, "text") and title != reply["text"]:
        lines.append(words["title"].format(title=plain(title)))
    lines += [
        words["field"].format(label=plain(_text(one, "label")), value=plain(_text(one, "value")))
        for one in _rows(reply, "fields")
    ]
    for section in _rows(reply, "sections"):
        lines.append(words["title"].format(title=plain(_text(section, "title"))))
        inner = section.get("lines", [])
        lines += [f"{place}. {plain(str(line))}" for place, line in enumerate(inner, 1)]
    lines += [
        f"{_text(step, 'at')[:16].replace('T', ' ')} {plain(_text(step, 'label'))}"
        for step in _rows(reply, "timeline")
    ]
    if source := reply.get("source"):
        lines.append(_source(source, words))
    return lines


def _source(source: Mapping[str, Any], words: Words) -> str:
    """Return the item an answer is from, with its basis where it is known."""
    line = words["source"].format(
        name=plain(_text(source, "item_name")), code=plain(_text(source, "item_code"))
    )
    basis = plain(_text(source, "basis"))
    return f"{line}，{basis}" if basis else line


def _links(reply: Mapping[str, Any], words: Words, origin: str) -> list[str]:
    """Return the links a reply has."""
    lines = []
    if image := _text(reply, "image_url"):
        lines.append(link(_absolute(image, origin), _text(reply, "image_alt") or words["image"]))
    if target := _text(reply, "link_url"):
        lines.append(link(_absolute(target, origin), _text(reply, "link_title") or words["link"]))
    return lines


def link(url: str, title: str) -> str:
    """Return a link that the platform shows as one."""
    return f'<a href="{url}">{plain(title)}</a>'


def _absolute(url: str, origin: str) -> str:
    """Return a URL that works outside our page, and cannot end the attribute it stands in."""
    return whole_url(url, origin).replace('"', "%22").replace("<", "%3C").replace(">", "%3E")


def _rows(reply: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the objects of a list."""
    return [row for row in reply.get(name) or [] if isinstance(row, Mapping)]


def _text(row: Mapping[str, Any], name: str) -> str:
    """Return a text, empty where there is none."""
    return str(row.get(name) or "")
