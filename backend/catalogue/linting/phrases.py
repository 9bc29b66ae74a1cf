"""说法 Phrases that stand in two places, and aliases that stand before another item's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from backend.catalogue.linting.findings import Finding, Written, plain

# What an item's own phrases are learnt as.
GUIDE_INTENT = "ask_guide"


def double_phrases(
    items: Sequence[Written], intents: Mapping[str, Sequence[str]]
) -> Iterator[Finding]:
    """Return phrases under two items, under two intents, or under an item and another intent."""
    owners, words = _owners(items, intents)
    for phrase, (codes, names) in owners.items():
        values = {"phrase": words[phrase]}
        if len(codes) > 1:
            yield Finding("phrase_two_items", True, tuple(sorted(codes)), values)
        if len(names) > 1:
            yield Finding("phrase_two_intents", True, tuple(sorted(names)), values)
        elif codes and names - {GUIDE_INTENT}:
            where = (*sorted(codes), *sorted(names))
            yield Finding("phrase_item_and_intent", True, where, values)


def repeated_phrases(
    items: Sequence[Written], intents: Mapping[str, Sequence[str]]
) -> Iterator[Finding]:
    """Return phrases that stand twice in one place, where they weigh double for nothing."""
    places = {item.code: item.phrases for item in items} | {
        name: tuple(phrases) for name, phrases in intents.items()
    }
    for place, phrases in places.items():
        seen: set[str] = set()
        for phrase in phrases:
            if plain(phrase) in seen:
                yield Finding("phrase_twice", False, (place,), {"phrase": phrase})
            seen.add(plain(phrase))


def shadows(items: Sequence[Written]) -> Iterator[Finding]:
    """Return aliases that are another item's name, or hold it whole."""
    codes = {plain(item.name): item.code for item in items}
    names = {item.code: item.name for item in items}
    for item in items:
        for alias in item.aliases:
            said = plain(alias)
            for name, code in codes.items():
                if code == item.code or name not in said or name in plain(item.name):
                    continue
                rule = "alias_is_name" if said == name else "alias_holds_name"
                values = {"alias": alias, "name": names[code]}
                yield Finding(rule, said == name, (item.code, code), values)


_Owners = dict[str, tuple[set[str], set[str]]]


def _owners(
    items: Sequence[Written], intents: Mapping[str, Sequence[str]]
) -> tuple[_Owners, dict[str, str]]:
    """Return for each phrase its items and intents, and how it is written."""
    owners: _Owners = defaultdict(lambda: (set(), set()))
    words: dict[str, str] = {}
    for item in items:
        for phrase in (*item.aliases, *item.questions):
            owners[plain(phrase)][0].add(item.code)
            words.setdefault(plain(phrase), phrase)
    for name, phrases in intents.items():
        for phrase in phrases:
            owners[plain(phrase)][1].add(name)
            words.setdefault(plain(phrase), phrase)
    return owners, words
