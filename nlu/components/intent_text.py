"""Training text for two intents, drawn from the catalogue so that every item is covered."""

from __future__ import annotations

from collections.abc import Iterator

from components.catalogue import Item
from components.normalisation import Normaliser

_APPLY = (
    "我要申请{}",
    "帮我办{}",
    "我想在线申请{}",
    "现在就办{}",
    "给我办一下{}",
    "网上提交{}申请",
)
_ASKED_OF_EACH = 6
"""Phrases an item gives to ask_guide; more would drown the other intents."""


def catalogue_examples(items: list[Item], normaliser: Normaliser) -> Iterator[tuple[str, str]]:
    """Give (normal form, intent) pairs: an item's phrases are asked about, or applied for."""
    for number, item in enumerate(items):
        asked = (*item.questions[:3], *item.aliases[:3], item.name)
        for phrase in asked[:_ASKED_OF_EACH]:
            yield normaliser(phrase), "ask_guide"
        if item.mode != "guide":
            wanted = item.aliases[0] if item.aliases else item.name
            yield normaliser(_APPLY[number % len(_APPLY)].format(wanted)), "start_application"
