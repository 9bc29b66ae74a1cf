"""What must be true of the answer to a turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tests.converse.talks import Turn

Reply = dict[str, Any]


def words(reply: Reply) -> str:
    """Return everything a reader sees of a reply, one thing a line."""
    return "\n".join(str(line) for line in _lines(reply) if line)


def _lines(reply: Reply) -> Iterator[str | None]:
    yield reply.get("title")
    yield reply.get("text")
    for field in reply.get("fields", ()):
        yield f"{field.get('label')}：{field.get('value')}"
    for section in reply.get("sections", ()):
        yield section.get("title")
        yield from section.get("lines", ())
    for step in reply.get("timeline", ()):
        yield f"{step.get('at', '')} {step.get('label', '')} {step.get('note', '')}"
    for item in reply.get("items", ()):
        yield f"{item.get('title')} {item.get('note', '')}"
    for chip in reply.get("chips", ()):
        yield f"[{chip.get('title')}]"


def pressable(replies: Iterable[Reply]) -> list[dict[str, Any]]:
    """Return the chips and list lines of replies."""
    return [one for reply in replies for one in (*reply.get("chips", ()), *reply.get("items", ()))]


def faults(turn: Turn, replies: Sequence[Reply]) -> list[str]:
    """Return what is wrong with the answer to a turn; nothing if it is right."""
    text, first = "\n".join(map(words, replies)), _first_line(replies)
    titles = [str(one.get("title")) for one in pressable(replies)]
    return [
        *(f"must {one.pattern}" for one in turn.must if not one.search(text)),
        *(f"first {one.pattern}" for one in turn.first if not one.search(first)),
        *(f"never {one.pattern}" for one in turn.never if one.search(text)),
        *(f"chip {one.pattern}" for one in turn.chip if not any(map(one.search, titles))),
        *_ungrounded("item", turn.item, replies, "item_code"),
        *_ungrounded("element", turn.element, replies, "element"),
    ]


def _first_line(replies: Sequence[Reply]) -> str:
    if not replies:
        return ""
    text = str(replies[0].get("text") or replies[0].get("title") or "")
    return text.splitlines()[0] if text else ""


def _ungrounded(
    check: str, wanted: tuple[str | None, ...] | None, replies: Sequence[Reply], name: str
) -> Iterator[str]:
    """Yield a fault if the sources are none of those wanted; None is wanted where there is none."""
    if wanted is None:
        return
    told = [reply["source"].get(name) for reply in replies if reply.get("source")]
    if not (set(wanted) & set(told) - {None} or (None in wanted and not told)):
        yield f"{check} {'|'.join(map(str, wanted))}, told {told}"
