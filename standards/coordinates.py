"""坐标 Coordinate systems: messaging apps in China send GCJ-02, the grid is kept in WGS-84."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

System = Literal["wgs84", "gcj02"]
# Krasovsky 1940, the ellipsoid the GCJ-02 offset is defined on.
_SEMI_MAJOR = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_ROUNDS = 4


@dataclass(frozen=True)
class Point:
    """A place on earth in degrees, never without its coordinate system."""

    lat: float
    lon: float
    system: System = "gcj02"


def to_wgs84(point: Point) -> Point:
    """Return `point` in WGS-84; exact to about a centimetre inside China."""
    if point.system == "wgs84" or not _in_china(point.lat, point.lon):
        return Point(point.lat, point.lon, "wgs84")
    lat, lon = point.lat, point.lon
    for _ in range(_ROUNDS):
        d_lat, d_lon = _offset(lat, lon)
        lat, lon = point.lat - d_lat, point.lon - d_lon
    return Point(lat, lon, "wgs84")


def to_gcj02(point: Point) -> Point:
    """Return `point` in GCJ-02, the system of maps in China."""
    if point.system == "gcj02" or not _in_china(point.lat, point.lon):
        return Point(point.lat, point.lon, "gcj02")
    d_lat, d_lon = _offset(point.lat, point.lon)
    return Point(point.lat + d_lat, point.lon + d_lon, "gcj02")


def _in_china(lat: float, lon: float) -> bool:
    return 0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347


def _offset(lat: float, lon: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    radians = math.radians(lat)
    magic = 1 - _ECCENTRICITY_SQUARED * math.sin(radians) ** 2
    root = math.sqrt(magic)
    metres_a_radian_lat = _SEMI_MAJOR * (1 - _ECCENTRICITY_SQUARED) / (magic * root)
    metres_a_radian_lon = _SEMI_MAJOR / root * math.cos(radians)
    return (
        math.degrees(_shift_lat(x, y) / metres_a_radian_lat),
        math.degrees(_shift_lon(x, y) / metres_a_radian_lon),
    )


def _shift_lat(x: float, y: float) -> float:
    base = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return base + (
        _waves(x, ((20, 6), (20, 2))) + _waves(y, ((20, 1), (40, 1 / 3)))
        + _waves(y, ((160, 1 / 12), (320, 1 / 30)))
    )  # fmt: skip


def _shift_lon(x: float, y: float) -> float:
    base = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return base + (
        _waves(x, ((20, 6), (20, 2))) + _waves(x, ((20, 1), (40, 1 / 3)))
        + _waves(x, ((150, 1 / 12), (300, 1 / 30)))
    )  # fmt: skip


def _waves(value: float, terms: tuple[tuple[float, float], ...]) -> float:
    return sum(size * math.sin(value * turns * math.pi) for size, turns in terms) * 2 / 3
