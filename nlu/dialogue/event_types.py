"""Events of Rasa by their names, looked up once; Rasa walks through all its classes every time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

_BY_NAME: dict[str, type[Event]] = {}


def read_events(contents: Iterable[Mapping[str, Any]]) -> list[Event]:
    """Return the events that dictionaries describe.

    Raises:
        ValueError: Rasa has no such event.
    """
    events = (_event_type(content["event"])._from_parameters(dict(content)) for content in contents)
    return [event for event in events if event is not None]


def _event_type(name: str) -> type[Event]:
    if not _BY_NAME:
        # The first class of a name is the one Rasa would take.
        for found in reversed(all_subclasses(Event)):
            _BY_NAME[found.type_name] = found
    if name not in _BY_NAME:
        raise ValueError(f"unknown event {name!r}")
    return _BY_NAME[name]
