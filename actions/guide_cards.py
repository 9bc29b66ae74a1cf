"""指南卡片 The cards that show an element of an item, or an overview of all of them. Pure."""

from __future__ import annotations

from actions import guide_text, reply
from actions.catalogue import Item, can_apply
from actions.texts import say

# Elements of which the citizen's own situation changes the answer.
SITUATED = ("materials", "conditions", "procedure")
OVERVIEW = ("materials", "procedure", "time", "fee", "place", "conditions")


def element_card(
    item: Item, element: str, also: str | None = None, *,
    before: str = "", after: str = "", shown: str = "",
) -> reply.Reply:  # fmt: skip
    """Show an element.

    Args:
        item: the item.
        element: the one that was asked for.
        also: a second one that was asked for in the same breath.
        before: what is said above the line of the element.
        after: what is said below it.
        shown: a further element whose details are shown, for what is said of it.
    """
    asked = [guide_text.first_line(item, one) for one in (element, also) if one]
    words = "\n".join(line for line in (before, *asked, after) if line)
    if not item["elements"].get(element):
        known = _facts(item) if element != "time" else _facts(item)[:-1]
        return reply.card(words, item["name"], fields=known,
                          source=guide_text.source(item, element),
                          chips=_chips(item, element, silent=True))  # fmt: skip
    sections = [guide_text.section(item, element)]
    if element in SITUATED:
        sections.append(guide_text.situations(item))
    more = dict.fromkeys(one for one in (also, shown) if one and one != element)
    sections += [guide_text.section(item, one) for one in more]
    return reply.card(words, item["name"], fields=_facts(item), sections=sections,
                      source=guide_text.source(item, element),
                      chips=_chips(item, element))  # fmt: skip


def overview_card(item: Item) -> reply.Reply:
    """Show what an item is, what to bring for it, and all its elements."""
    if not guide_text.known(item):
        words = say("guide.only_name", item=item["name"], **guide_text.contact(item))
    else:
        lead = "materials" if item["elements"].get("materials") else guide_text.known(item)[0]
        words = guide_text.first_line(item, lead)
        if item.get("summary"):
            words = f"{item['summary']}\n{words}"
    sections = [guide_text.section(item, element) for element in OVERVIEW]
    return reply.card(words, item["name"], fields=_facts(item),
                      sections=[*sections, guide_text.situations(item)],
                      source=guide_text.source(item, None), chips=_chips(item, None))  # fmt: skip


def _facts(item: Item) -> list[tuple[str, object]]:
    return [
        (say("guide.fact.code"), item["code"]),
        (say("guide.fact.department"), item["department"]),
        (say("guide.fact.phone"), item.get("department_phone")),
        (say("guide.fact.time"), guide_text.promise(item)),
    ]  # fmt: skip


def _chips(item: Item, element: str | None, *, silent: bool = False) -> list[reply.Chip]:
    """Return the next steps: what people ask next, applying online, a person."""
    code = item["code"]
    nexts = [
        reply.chip(other, "ask_guide", item_code=code, element=other)
        for other in ("materials", "time", "fee", "place")
        if other != element and item["elements"].get(other)
    ]
    apply = [reply.chip("apply", "start_application", item_code=code)] if can_apply(item) else []
    count = reply.MAX_CHIPS - len(apply) - 1
    return [*nexts[: 1 if silent else count], *apply, reply.person()]
