"""网格 The grid: which street, community and grid a point lies in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from shapely import STRtree
from shapely.geometry import Point as ShapelyPoint
from shapely.geometry import shape

from standards.coordinates import Point, to_wgs84


@dataclass(frozen=True)
class Cell:
    """网格 One grid with the community (社区) and street (街道) it belongs to."""

    code: str
    name: str
    community: str
    street: str


class Grid:
    """网格图 The district's grids, indexed in memory; immutable once read."""

    def __init__(self, document: dict[str, object]) -> None:
        """Build the index from a GeoJSON feature collection in WGS-84."""
        district = _mapping(document["district"])
        self.district = str(district["name"])
        self.centre = str(district["centre"])
        features = document["features"]
        assert isinstance(features, list)
        ordered = sorted(features, key=lambda feature: str(feature["properties"]["code"]))
        self.cells = tuple(_cell(_mapping(feature["properties"])) for feature in ordered)
        self._tree = STRtree([shape(feature["geometry"]) for feature in ordered])

    @classmethod
    def read(cls, path: Path) -> Grid:
        """Read the grid from a GeoJSON file."""
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def cell_at(self, point: Point) -> Cell | None:
        """Return the grid `point` lies in, or None outside the district.

        A point on a border belongs to the grid with the lower code, so that it has one owner.
        """
        place = to_wgs84(point)
        found = self._tree.query(ShapelyPoint(place.lon, place.lat), predicate="intersects")
        return self.cells[min(found)] if len(found) else None


def _cell(properties: dict[str, object]) -> Cell:
    return Cell(*(str(properties[name]) for name in ("code", "name", "community", "street")))


def _mapping(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value
