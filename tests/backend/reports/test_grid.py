"""A point keeps its coordinate system and lies in exactly one grid, or outside the district."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.reports.grid import Grid
from standards.coordinates import Point, to_gcj02, to_wgs84

GRID = Grid.read(Path(__file__).resolve().parents[3] / "data" / "grid" / "yunxi.geojson")
inside_lat = st.floats(30.5501, 30.6499)
inside_lon = st.floats(104.0501, 104.1499)


def test_the_district_has_three_streets_nine_communities_and_twenty_seven_grids() -> None:
    assert len({cell.street for cell in GRID.cells}) == 3
    assert len({cell.community for cell in GRID.cells}) == 9
    assert len({cell.code for cell in GRID.cells}) == 27
    assert all(cell.code.startswith("999901") and len(cell.code) == 15 for cell in GRID.cells)


def test_a_known_point_is_shifted_as_maps_in_china_shift_it() -> None:
    # A published pair of the same place in both systems.
    shifted = to_gcj02(Point(31.1774276, 121.5272106, "wgs84"))
    assert shifted.lat == pytest.approx(31.17530398364597, abs=1e-9)
    assert shifted.lon == pytest.approx(121.531541859215, abs=1e-9)


@given(inside_lat, inside_lon)
def test_there_and_back_again_is_the_same_place_to_a_few_centimetres(
    lat: float, lon: float
) -> None:
    back = to_wgs84(to_gcj02(Point(lat, lon, "wgs84")))
    assert back.lat == pytest.approx(lat, abs=5e-7)
    assert back.lon == pytest.approx(lon, abs=5e-7)


@given(inside_lat, inside_lon)
def test_every_point_inside_the_district_lies_in_one_grid(lat: float, lon: float) -> None:
    assert GRID.cell_at(Point(lat, lon, "wgs84")) is not None


def test_the_coordinate_system_decides_the_grid() -> None:
    east_of_a_border = Point(30.6, 104.0522, "gcj02")
    assert GRID.cell_at(east_of_a_border) is None
    assert GRID.cell_at(Point(30.6, 104.0522, "wgs84")) is not None


@given(st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(["wgs84", "gcj02"]))
def test_no_place_on_earth_breaks_the_look_up(lat: float, lon: float, system: str) -> None:
    point = to_wgs84(Point(lat, lon, system))  # type: ignore[arg-type]
    far = not (30 < lat < 31 and 104 < lon < 105)
    cell = GRID.cell_at(Point(lat, lon, system))  # type: ignore[arg-type]
    assert cell is None or not far
    assert point.system == "wgs84"


def test_a_point_on_a_border_belongs_to_one_grid_and_always_the_same() -> None:
    corner = Point(30.55, 104.05, "wgs84")
    assert GRID.cell_at(corner) == GRID.cells[0]
    assert GRID.cell_at(corner) == GRID.cell_at(corner)
