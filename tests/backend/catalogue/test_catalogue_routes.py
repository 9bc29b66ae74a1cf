"""The catalogue over HTTP, and its versions."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pytest

from backend.catalogue.model import CatalogueError
from backend.catalogue.service import import_files

DATA = Path(__file__).resolve().parents[3] / "data"


async def test_an_item_is_given_with_its_version_and_eight_elements(service: Any) -> None:
    status, item = await service.get("/catalogue/items/GA004")
    assert status == 200
    assert (item["name"], item["department"]) == ("居民身份证丢失补领", "公安局")
    assert item["version"] == "2026.1"
    assert set(item["elements"]) == {
        "basis", "conditions", "materials", "forms", "procedure", "time", "place", "fee",
    }  # fmt: skip


async def test_an_item_of_a_version_without_typed_conditions_still_opens(
    service: Any, office: Any
) -> None:
    items = office.database["catalogue_items"]
    await items.update_one({"code": "GA004"}, {"$unset": {"typed": ""}})
    status, item = await service.get("/catalogue/items/GA004")
    assert (status, item["typed"]) == (200, [])


async def test_an_unknown_code_is_not_found_and_a_small_one_is_the_same(service: Any) -> None:
    status, answer = await service.get("/catalogue/items/GA999")
    assert (status, answer["error"]["key"]) == (404, "catalogue.item_not_found")
    assert (await service.get("/catalogue/items/ga004"))[0] == 200


async def test_several_guides_come_in_the_order_asked_without_what_nobody_knows(
    service: Any,
) -> None:
    status, answer = await service.get("/catalogue/guides?codes=GA005,GA999,ga004,GA005")
    assert status == 200
    assert [guide["code"] for guide in answer["guides"]] == ["GA005", "GA004"]
    _, alone = await service.get("/catalogue/items/GA004")
    assert answer["guides"][1] == alone
    assert (await service.get("/catalogue/guides"))[0] == 422


async def test_all_items_can_be_listed_and_searched(service: Any) -> None:
    _, all_items = await service.get("/catalogue/items?limit=500")
    assert len(all_items["items"]) == 312
    _, some = await service.get("/catalogue/items?department=公安局&limit=5")
    assert len(some["items"]) == 5
    assert {item["department"] for item in some["items"]} == {"公安局"}
    _, found = await service.get("/catalogue/items?q=丢失补领")
    assert "GA004" in [item["code"] for item in found["items"]]
    _, none = await service.get("/catalogue/items?q=.*")
    assert none["items"] == []


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "surprise=1"])
async def test_a_query_that_breaks_the_rules_is_refused(service: Any, query: str) -> None:
    assert (await service.get(f"/catalogue/items?{query}"))[0] == 422


async def test_unchanged_files_stay_one_version(office: Any, service: Any) -> None:
    assert await import_files(office) == "2026.1"
    _, answer = await service.get("/catalogue/versions")
    assert answer["current"] == "2026.1"
    assert [(v["version"], v["items"]) for v in answer["versions"]] == [("2026.1", 312)]


def elsewhere(office: Any, tmp_path: Path) -> Any:
    """Return the same office over a copy of `data/` that a test may edit."""
    shutil.copytree(DATA, tmp_path / "data")
    settings = office.settings.model_copy(update={"data_dir": tmp_path / "data"})
    return dataclasses.replace(office, settings=settings)


def edit(office: Any, old: str, new: str) -> None:
    path = office.settings.data_dir / "catalogue" / "GA.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


async def test_changed_files_become_a_new_version_and_the_old_one_stays(
    office: Any, service: Any, tmp_path: Path
) -> None:
    copy = await asyncio.to_thread(elsewhere, office, tmp_path)
    await asyncio.to_thread(edit, copy, 'phone: "000-12340110"', 'phone: "000-12340199"')
    assert await import_files(copy) == "2026.2"
    _, item = await service.get("/catalogue/items/GA004")
    assert (item["version"], item["department_phone"]) == ("2026.2", "000-12340199")
    _, answer = await service.get("/catalogue/versions")
    assert [version["version"] for version in answer["versions"]] == ["2026.2", "2026.1"]
    assert await import_files(office) == "2026.1"
    _, item = await service.get("/catalogue/items/GA004")
    assert item["department_phone"] == "000-12340110"


async def test_files_that_are_wrong_leave_the_served_version_alone(
    office: Any, service: Any, tmp_path: Path
) -> None:
    copy = await asyncio.to_thread(elsewhere, office, tmp_path)
    await asyncio.to_thread(edit, copy, "mode: pre", "mode: maybe")
    with pytest.raises(CatalogueError):
        await import_files(copy)
    _, answer = await service.get("/catalogue/versions")
    assert answer["current"] == "2026.1"


async def test_two_processes_that_import_at_once_make_one_version(
    office: Any, service: Any, tmp_path: Path
) -> None:
    copy = await asyncio.to_thread(elsewhere, office, tmp_path)
    await asyncio.to_thread(edit, copy, 'phone: "000-12340110"', 'phone: "000-12340199"')
    labels = await asyncio.gather(*(import_files(copy) for _ in range(3)))
    assert set(labels) == {"2026.2"}
