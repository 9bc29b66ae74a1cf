"""The halls of the sample district, and which of them is meant."""

from __future__ import annotations

import json

import pytest
import yaml
from servers import ROOT

from standards.coordinates import Point
from standards.halls import Hall, hall_of, metres, named, nearest, window_named
from standards.opening import week_of_words

WRITTEN = yaml.safe_load((ROOT / "data" / "offices.yml").read_text(encoding="utf-8"))["offices"]
HALLS = [hall_of(entry) for entry in WRITTEN]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("政务中心几点上班", "YX00"),
        ("清河街道那个电话多少", "YX01"),
        ("书院社区周六下午开不开", "YX04"),
        ("书院社区在柳塘街道哪里", "YX04"),
        ("我住荷塘社区", "YX02"),
        ("望岭那边", "YX05"),
        ("你们几点上班", None),
    ],
)
def test_a_hall_is_named_by_any_of_its_names(text: str, code: str | None) -> None:
    found = named(text, HALLS)
    assert (found.code if found else None) == code


def test_the_nearest_hall_comes_first_whatever_system_the_point_is_in() -> None:
    here = next(hall.place for hall in HALLS if hall.code == "YX05")
    (first, far), (second, further), *_ = nearest(here, HALLS)
    assert (first.code, second.code) == ("YX05", "YX03")
    assert far == 0
    assert 300 < further < 600
    # The same degrees in another system lie about half a kilometre off.
    assert 300 < metres(here, Point(here.lat, here.lon, "wgs84")) < 700


def test_hours_in_words_say_what_the_week_says() -> None:
    for hall in HALLS:
        assert week_of_words(hall.hours) == hall.week, hall.name


OLD = {"code": "YX00", "name": "大厅", "kind": "hall", "address": "清溪大道 1 号",
       "hours": "周一至周五 9:00–12:00", "phone": "000-12345000", "note": "",
       "location": {"lat": 30.6, "lon": 104.1, "system": "gcj02"}}  # fmt: skip


@pytest.mark.parametrize(
    "hours",
    [
        "上午 9:00–12:00，下午 1:30–5:00",
        "9:00–17:00（法定节假日除外）",
        "24小时",
        "周一 9:00–25:00",
    ],
)
def test_a_hall_whose_hours_only_a_person_can_read_is_known_by_their_words(hours: str) -> None:
    hall = hall_of({**OLD, "hours": hours})
    assert (hall.hours, hall.week) == (hours, None)
    written = hall_of({**OLD, "open": [{"days": [1], "morning": "9点"}]})
    assert written.week is None


def test_an_entry_of_an_earlier_version_is_read() -> None:
    hall = hall_of(OLD)
    assert isinstance(hall, Hall)
    assert hall.week is not None
    assert sorted(hall.week) == [1, 2, 3, 4, 5]
    assert (hall.facts, hall.windows) == ({}, ())


def test_every_community_of_the_grid_is_served_by_one_hall() -> None:
    grid = json.loads((ROOT / "data" / "grid" / "yunxi.geojson").read_text(encoding="utf-8"))
    known = {each["properties"]["community"] for each in grid["features"]}
    served = [name for hall in HALLS for name in hall.communities]
    assert sorted(served) == sorted(known)
    streets = {each["properties"]["street"] for each in grid["features"]}
    assert {hall.street for hall in HALLS} == streets


def test_every_hall_lies_in_the_district() -> None:
    for hall in HALLS:
        assert 30.54 <= hall.place.lat <= 30.66, hall.name
        assert 104.04 <= hall.place.lon <= 104.16, hall.name


def test_windows_say_of_departments_what_the_catalogue_says() -> None:
    files = (ROOT / "data" / "catalogue").glob("*.yaml")
    departments = {
        one["department"]: (one["place"], one["phone"])
        for one in (yaml.safe_load(path.read_text(encoding="utf-8")) for path in files)
    }
    for hall in HALLS:
        for window in hall.windows:
            assert departments[window.department] == (f"{hall.name}{window.at}", window.phone)


@pytest.mark.parametrize(
    ("text", "department"),
    [("民政局电话", "民政局"), ("公积金窗口在几楼", "住房公积金管理中心"),
     ("交警那块在哪", "公安局交通管理大队"), ("大厅在哪", None)],
)  # fmt: skip
def test_a_department_is_found_by_what_people_call_it(text: str, department: str | None) -> None:
    window = window_named(text, HALLS[0])
    assert (window.department if window else None) == department
