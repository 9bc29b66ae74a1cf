"""Training text for two intents, drawn from the catalogue so that every item is covered."""

from __future__ import annotations

from collections.abc import Iterator

from components.catalogue import Item
from components.normalisation import Normaliser

_APPLY = (
    "我要申请{}",
    "{},给我办一个",
    "帮我办{}",
    "给我开一份{}",
    "我想在线申请{}",
    "{},帮我办一下",
    "现在就办{}",
    "{}给我弄一张",
    "给我办一下{}",
    "{},打一份",
    "网上提交{}申请",
    "{},帮我申请",
)
"""Ways to ask for the thing itself, not for how it is done."""


def catalogue_examples(items: list[Item], normaliser: Normaliser) -> Iterator[tuple[str, str]]:
    """Give (normal form, intent) pairs: an item's phrases are asked about, or applied for."""
    for number, item in enumerate(items):
        for phrase in (*item.questions, *item.aliases, item.name):
            yield normaliser(phrase), "ask_guide"
        if item.mode != "guide":
            for turn, wanted in enumerate((item.name, *item.aliases[:1])):
                said = _APPLY[(2 * number + turn) % len(_APPLY)].format(wanted)
                yield normaliser(said), "start_application"
