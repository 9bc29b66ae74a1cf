"""大厅 What is known of the halls: which one is named, and which is nearest."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from standards.coordinates import Point, to_wgs84
from standards.opening import Week, week_of, week_of_words

_KINDS = ("hall", "centre", "station")
_EARTH = 6_371_000.0
"""Mean radius in metres."""


@dataclass(frozen=True)
class Window:
    """窗口 A department in a hall: what it is called, where in the house it is, and its phone."""

    department: str
    at: str
    phone: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hall:
    """大厅、便民服务中心、服务站 One place where citizens are served, as data/offices.yml has it.

    Attributes:
        code: YX00, ….
        name: its name.
        kind: hall, centre or station.
        address: where it is.
        hours: when it is open, in words.
        phone: its telephone.
        place: where it is on the map.
        week: when it is open, by weekday; None where its hours are in words that nothing reads.
        also: what people call it besides.
        street: the street (街道) it lies in.
        communities: communities (社区) whose people are served there.
        windows: the departments that are there.
        facts: what is known of the house, by topic.
    """

    code: str
    name: str
    kind: str
    address: str
    hours: str
    phone: str
    place: Point
    week: Week | None
    also: tuple[str, ...] = ()
    street: str = ""
    communities: tuple[str, ...] = ()
    windows: tuple[Window, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


def hall_of(entry: Mapping[str, Any]) -> Hall:
    """Read an entry of data/offices.yml; an older one has its hours in words only."""
    where = entry["location"]
    return Hall(
        code=str(entry["code"]),
        name=str(entry["name"]),
        kind=str(entry["kind"]),
        address=str(entry["address"]),
        hours=str(entry["hours"]),
        phone=str(entry["phone"]),
        place=Point(where["lat"], where["lon"], where["system"]),
        week=_week(entry),
        also=tuple(entry.get("also") or ()),
        street=str(entry.get("street") or ""),
        communities=tuple(entry.get("communities") or ()),
        windows=tuple(
            Window(one["department"], one["at"], one["phone"], tuple(one.get("also") or ()))
            for one in entry.get("windows") or ()
        ),
        facts=dict(entry.get("facts") or {}),
    )


def _week(entry: Mapping[str, Any]) -> Week | None:
    """Return the week of an entry; None where only a person can read its hours."""
    try:
        return week_of(entry["open"]) if entry.get("open") else week_of_words(str(entry["hours"]))
    except ValueError:
        return None


def named(text: str, halls: Iterable[Hall]) -> Hall | None:
    """Return the hall that `text` names, by its names or its communities.

    Of several the smallest is meant (书院社区 in 柳塘街道), then the one with the longest name.
    """
    found = [
        (_KINDS.index(hall.kind), len(name), hall.code, hall)
        for hall in halls
        for name in (hall.name, *hall.also, *hall.communities)
        if name in text
    ]
    return max(found, key=lambda one: one[:3])[3] if found else None


def window_named(text: str, hall: Hall) -> Window | None:
    """Return the department of a hall that `text` names, by the longest of its names."""
    found = [
        (len(name), place, window)
        for place, window in enumerate(hall.windows)
        for name in (window.department, *window.also)
        if name in text
    ]
    return max(found, key=lambda one: (one[0], -one[1]))[2] if found else None


def nearest(point: Point, halls: Sequence[Hall]) -> list[tuple[Hall, float]]:
    """Return the halls with their distance from `point` in metres as the crow flies, near first."""
    far = [(hall, metres(point, hall.place)) for hall in halls]
    return sorted(far, key=lambda one: one[1])


def metres(one: Point, other: Point) -> float:
    """Return the distance between two points on a sphere, in whichever system they are given."""
    here, there = to_wgs84(one), to_wgs84(other)
    lat, lat_there = math.radians(here.lat), math.radians(there.lat)
    span = math.sin((lat_there - lat) / 2) ** 2 + (
        math.cos(lat) * math.cos(lat_there)
        * math.sin(math.radians(there.lon - here.lon) / 2) ** 2
    )  # fmt: skip
    return 2 * _EARTH * math.asin(math.sqrt(span))
