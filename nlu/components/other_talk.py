"""What citizens say that is no danger: of items, of the talk itself, to forms, in whole talks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from components.catalogue import Item, read_catalogue
from components.elsewhere import known_elsewhere
from components.follow_ups import read_follow_ups
from components.form_listener import read_choices, read_turns
from components.line_listener import written_pairs
from components.project_files import lexicon_file
from components.written_talks import turns
from components.yaml_files import read_yaml


def topics(data: Path) -> dict[str, str]:
    """Return what people say about the talk itself, by topic."""
    listed = read_yaml(data / "talk" / "topics.yml")
    return {str(text): topic for topic, texts in listed.items() for text in texts}


def other_talk(data: Path) -> list[str]:
    """Return what else citizens say: of items, of the talk itself, of people, short answers."""
    asked = read_yaml(data / "dictionaries" / "elements.yml")["examples"].values()
    return [
        *catalogue_phrases(data),
        *(text for texts in asked for text in texts),
        *topics(data),
        *(phrase for phrase, _ in read_follow_ups(data / "follow_ups")["person"]),
        *short_words(),
    ]


def life(data: Path) -> Iterator[str]:
    """Yield what citizens say of guides, to forms, in whole talks and of what is done elsewhere."""
    yield from (text for _, text, _ in written_pairs(data))
    yield from (str(turn["say"]) for turn in turns(data))
    yield from (text for text, _ in read_turns(data))
    yield from (said.words for said in read_choices(data))
    for item in known_elsewhere():
        yield from phrases_of(item)
    for situation in ("hall", "appointment"):
        yield from (phrase for phrase, _ in read_follow_ups(data / "follow_ups")[situation])


def short_words() -> list[str]:
    """Return the short words that the gate knows."""
    groups = [group for group in read_yaml(lexicon_file()).values() if isinstance(group, dict)]
    return [str(word) for group in groups for word in group.get("whole", ())]


def catalogue_phrases(data: Path) -> list[str]:
    """Return what every item is called and asked for."""
    return [phrase for item in read_catalogue(data) for phrase in phrases_of(item)]


def phrases_of(item: Item) -> tuple[str, ...]:
    """Return what an item is called and asked for."""
    return (item.name, *item.aliases, *item.questions)
