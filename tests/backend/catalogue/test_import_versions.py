"""A list becomes a version beside the old one, served by one write, and never by half."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.catalogue import store
from backend.catalogue.files import digest_of, read_catalogue
from backend.catalogue.importing import service as tools
from backend.catalogue.importing.cells import as_text, as_written
from backend.catalogue.importing.difference import compare
from backend.catalogue.importing.examination import Examination, examine
from backend.catalogue.importing.faults import Fault, ImportRefusedError
from backend.catalogue.importing.writers import write_file
from backend.catalogue.service import import_files, list_items
from backend.db import StorageError
from backend.events import Who

DATA = Path(__file__).resolve().parents[3] / "data"
FORMATS = (".jsonl", ".csv", ".xlsx")


def names(*found: str, department: str = "云溪区民政局") -> str:
    rows = ({"code": f"N{place}", "name": name, "department": department}
            for place, name in enumerate(found))  # fmt: skip
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def look(tmp_path: Path) -> Iterator[Any]:
    """Examine lines as a JSONL list in our own form."""
    opened: list[Examination] = []

    def examine_lines(lines: str, jurisdiction: str | None) -> Examination:
        path = tmp_path / "list.jsonl"
        path.write_text(lines, encoding="utf-8")
        return examine(path, DATA, "paoyici", jurisdiction)

    async def examine_aside(lines: str, jurisdiction: str | None = None) -> Examination:
        opened.append(await asyncio.to_thread(examine_lines, lines, jurisdiction))
        return opened[-1]

    yield examine_aside
    for examination in opened:
        examination.spool.close()


ORIGIN = tools.Origin("list.jsonl", "paoyici")


async def served_names(office: Any) -> list[str]:
    return [item["name"] for item in await list_items(office, None, None, 500)]


async def test_a_list_is_served_as_a_new_version_and_the_old_one_lies_beside_it(
    office: Any, service: Any, look: Any
) -> None:
    assert (
        await tools.bring_in(office, await look(names("低保", "火化补贴")), ORIGIN, replace=True)
        == "2026.2"
    )
    assert await served_names(office) == ["低保", "火化补贴"]
    status, item = await service.get("/catalogue/items/n1")
    assert (status, item["version"], item["promised_working_days"]) == (200, "2026.2", None)
    _, answer = await service.get("/catalogue/versions")
    assert answer["current"] == "2026.2"
    assert [(v["version"], v["items"]) for v in answer["versions"]] == [
        ("2026.2", 2),
        ("2026.1", 312),
    ]


async def test_the_same_list_again_in_another_order_is_the_same_version(
    office: Any, look: Any
) -> None:
    lines = names("低保", "火化补贴")
    await tools.bring_in(office, await look(lines), ORIGIN, replace=True)
    turned = "\n".join(reversed(lines.splitlines())) + "\n"
    assert await tools.bring_in(office, await look(turned), ORIGIN, replace=True) == "2026.2"


async def test_an_office_s_own_list_survives_a_restart_until_the_files_are_asked_for(
    office: Any, look: Any
) -> None:
    await tools.bring_in(office, await look(names("低保")), ORIGIN, replace=True)
    assert await import_files(office) == "2026.2"
    assert await tools.roll_back(office, "data") == "2026.1"
    assert len(await served_names(office)) == 312
    assert await import_files(office) == "2026.1"


async def test_rolling_back_serves_the_old_version_and_the_new_one_can_come_back(
    office: Any, look: Any
) -> None:
    await tools.bring_in(office, await look(names("低保")), ORIGIN, replace=True)
    assert await tools.roll_back(office, "2026.1") == "2026.1"
    assert len(await served_names(office)) == 312
    assert await import_files(office) == "2026.1"
    assert await tools.roll_back(office, "2026.2") == "2026.2"
    assert await served_names(office) == ["低保"]


async def test_an_unknown_version_changes_nothing(office: Any) -> None:
    for label in ("2026.9", "2026", "latest", "2026.1; drop", ""):
        with pytest.raises(ImportRefusedError, match="version_unknown"):
            await tools.roll_back(office, label)
    assert len(await served_names(office)) == 312


async def test_another_jurisdiction_stands_beside_ours(office: Any, look: Any) -> None:
    origin = tools.Origin("list.jsonl", "paoyici", "临江区")
    assert (
        await tools.bring_in(office, await look(names("低保"), "临江区"), origin, replace=True)
        == "2026.2"
    )
    assert len(await served_names(office)) == 312
    marks = {v["version"]: (v["jurisdiction"], v["served"]) for v in await tools.versions(office)}
    assert marks == {"2026.1": (None, True), "2026.2": ("临江区", True)}


async def test_an_import_that_breaks_off_leaves_nothing_behind(
    office: Any, look: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "BATCH", 2)
    put, batches = store.put_items, []

    async def put_once(*arguments: Any) -> None:
        batches.append(arguments)
        if len(batches) > 1:
            raise StorageError("the line broke")
        await put(*arguments)

    monkeypatch.setattr(store, "put_items", put_once)
    found = await look(names("一", "二", "三"))
    with pytest.raises(StorageError):
        await tools.bring_in(office, found, ORIGIN, replace=True)
    assert len(await served_names(office)) == 312
    assert await office.database["catalogue_items"].count_documents({"digest": found.digest}) == 0
    assert len(await tools.versions(office)) == 1


async def test_a_version_that_lacks_items_is_never_served(
    office: Any, look: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lose(*_: Any) -> None:
        return None

    monkeypatch.setattr(store, "put_items", lose)
    with pytest.raises(ImportRefusedError, match="items_missing"):
        await tools.bring_in(office, await look(names("低保")), ORIGIN, replace=True)
    assert len(await served_names(office)) == 312


async def test_a_list_the_profile_does_not_fit_is_not_served(office: Any, look: Any) -> None:
    for lines, key in (
        ("{\n{\n", "nothing_accepted"),
        (names("低保", "") + "{\n", "too_many_refused"),
    ):
        with pytest.raises(ImportRefusedError, match=key):
            await tools.bring_in(office, await look(lines), ORIGIN, replace=True)
    assert len(await served_names(office)) == 312


@pytest.mark.parametrize("ending", FORMATS)
async def test_what_is_exported_and_imported_again_is_the_same(
    office: Any, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"out{ending}"
    assert await tools.write_out(office, path) == 312
    items = await asyncio.to_thread(read_back, path)
    for written in await asyncio.to_thread(lambda: read_catalogue(DATA, digest_of(DATA))):
        assert items[written["code"]] == written


def read_back(path: Path) -> dict[str, Any]:
    found = examine(path, DATA, "paoyici")
    assert found.report.refused == 0
    assert found.report.unknown_columns == found.report.absent_columns == []
    items = {item["code"]: item for item in found.spool.items()}
    found.spool.close()
    return items


@pytest.mark.parametrize("ending", FORMATS)
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, ending: str) -> None:
    path, again = tmp_path / "a.jsonl", tmp_path / f"again{ending}"
    path.write_text(names("=1+1", "+低保", "@火化", '引"号,逗号'), encoding="utf-8")
    first = examine(path, DATA, "paoyici")
    write_file(again, first.spool.items())
    second = examine(again, DATA, "paoyici")
    assert list(second.spool.items()) == list(first.spool.items())
    assert second.digest == first.digest
    first.spool.close()
    second.spool.close()


def test_no_cell_of_a_csv_begins_like_a_formula(tmp_path: Path) -> None:
    said = ["=cmd|' /C calc'!A0", "@x", "+1", "-1", "＝1+1", "'=1", "'quoted'", "plain"]
    (tmp_path / "a.jsonl").write_text(names(*said), encoding="utf-8")
    found = examine(tmp_path / "a.jsonl", DATA, "paoyici")
    items = {item["code"]: item for item in found.spool.items()}
    write_file(tmp_path / "a.csv", items.values())
    found.spool.close()
    assert items["N0"]["name"] == said[0]
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r＝")]
    assert read_back(tmp_path / "a.csv") == items


@given(st.lists(st.text(alphabet="'=+-@\t\r\n＝a1 ，", max_size=6), max_size=6))
def test_an_escaped_cell_is_read_as_it_was(cells: list[str]) -> None:
    escaped = [as_text(cell) for cell in cells]
    assert [as_written(cell) for cell in escaped] == cells
    assert not [cell for cell in escaped if cell[:1] in tuple("=+-@\t\r\n＝")]


def test_a_file_of_an_unknown_kind_or_with_a_cell_too_long_is_not_left_half_written(
    tmp_path: Path,
) -> None:
    with pytest.raises(ImportRefusedError, match="file_kind"):
        write_file(tmp_path / "a.xls", [])
    (tmp_path / "a.jsonl").write_text(names("低保"), encoding="utf-8")
    found = examine(tmp_path / "a.jsonl", DATA, "paoyici")
    (item,) = found.spool.items()
    found.spool.close()
    item["questions"] = ["字" * 40_000]
    with pytest.raises(ImportRefusedError, match="cell_too_long"):
        write_file(tmp_path / "a.xlsx", [item])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl"]


def test_unknown_and_absent_columns_are_reported(tmp_path: Path) -> None:
    profile, table = tmp_path / "p.yaml", tmp_path / "a.csv"
    profile.write_text("name: p\nfields: {name: 名称, department: 部门, summary: 简介}\n")
    table.write_text("名称,部门,备注\n低保,民政局,甲\n", encoding="utf-8")
    found = examine(table, DATA, str(profile))
    found.spool.close()
    assert found.report.unknown_columns == ["备注"]
    assert found.report.absent_columns == ["简介"]


def test_a_list_without_the_name_s_column_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("事项,部门\n低保,民政局\n", encoding="utf-8")
    with pytest.raises(ImportRefusedError, match="columns_absent"):
        examine(path, DATA, "guangan")


def test_every_fault_is_told_though_the_report_keeps_few(tmp_path: Path) -> None:
    told: list[Fault] = []
    path = tmp_path / "a.jsonl"
    path.write_text("{\n" * 50 + names("低保"), encoding="utf-8")
    found = examine(path, DATA, "paoyici", tell=told.extend)
    found.spool.close()
    assert [fault.row for fault in told] == list(range(1, 51))
    assert sum(map(len, found.report.examples.values())) == 3
    assert (found.report.rows, found.report.refused) == (51, 50)


async def exported(office: Any, tmp_path: Path) -> list[str]:
    """Return the served version as lines of our own form."""
    path = tmp_path / "served.jsonl"
    await tools.write_out(office, path)
    text = await asyncio.to_thread(path.read_text, encoding="utf-8")
    return text.splitlines(keepends=True)


async def test_a_list_of_a_few_items_does_not_replace_the_whole_catalogue_unseen(
    office: Any, look: Any, tmp_path: Path
) -> None:
    lines = await exported(office, tmp_path)
    part = await look("".join(lines[:2]))
    found = await compare(office.database, part)
    assert (found.served, found.added.count, found.changed.count, found.gone.count) == (
        312, 0, 0, 310,
    )  # fmt: skip
    with pytest.raises(ImportRefusedError, match="too_many_gone") as refused:
        await tools.bring_in(office, part, ORIGIN)
    assert refused.value.values == {"gone": 310, "served": 312}
    assert len(await served_names(office)) == 312
    assert await tools.bring_in(office, part, ORIGIN, replace=True) == "2026.2"


async def test_what_is_added_changed_and_gone_is_counted_and_named(
    office: Any, look: Any, tmp_path: Path
) -> None:
    lines = await exported(office, tmp_path)
    first = json.loads(lines[0])
    gone = [json.loads(line)["name"] for line in lines[1:32]]
    changed = json.dumps(first | {"summary": "改过的一句"}, ensure_ascii=False) + "\n"
    list_ = await look(changed + "".join(lines[32:]) + names("新的一项"))
    found = await compare(office.database, list_)
    assert (found.added.count, found.added.first) == (1, ["新的一项"])
    assert (found.changed.count, found.changed.first) == (1, [first["name"]])
    assert (found.gone.count, found.gone.first) == (31, gone[:5])
    # Thirty-one of 312 are just within the tenth.
    assert await tools.bring_in(office, list_, ORIGIN) == "2026.2"


async def test_a_jurisdiction_that_is_served_nothing_yet_loses_nothing(
    office: Any, look: Any
) -> None:
    list_ = await look(names("低保"), "临江区")
    found = await compare(office.database, list_, "临江区")
    assert (found.served, found.added.count, found.gone.count) == (0, 1, 0)
    origin = tools.Origin("list.jsonl", "paoyici", "临江区")
    assert await tools.bring_in(office, list_, origin) == "2026.2"


async def test_who_brought_a_version_in_or_back_stands_in_the_list_and_in_the_events(
    office: Any, look: Any
) -> None:
    who = Who("system", "laochen")
    await tools.bring_in(office, await look(names("低保")), ORIGIN, who=who, replace=True)
    await tools.roll_back(office, "2026.1", who)
    newest, *_ = await tools.versions(office)
    assert (newest["version"], newest["by"]) == ("2026.2", "laochen")
    found = office.database["events"].find({"entity": "catalogue"}).sort("position", 1)
    events = [(one["entity_id"], one["type"], one["who"]["id"]) async for one in found]
    assert events == [
        ("2026.2", "catalogue.served", "laochen"),
        ("2026.1", "catalogue.served", "laochen"),
    ]


async def test_an_office_may_begin_without_any_item_of_its_own(
    office: Any, service: Any, look: Any, tmp_path: Path
) -> None:
    def begin() -> Path:
        data = tmp_path / "data"
        (data / "catalogue").mkdir(parents=True)
        head = (DATA / "items.csv").read_text(encoding="utf-8").splitlines()[0]
        (data / "items.csv").write_text(head + "\n", encoding="utf-8")
        return data

    changed = office.settings.model_copy(update={"data_dir": await asyncio.to_thread(begin)})
    empty = replace(office, settings=changed)
    assert await import_files(empty) == "2026.2"
    assert await served_names(office) == []
    assert (await service.get("/catalogue/items/GA001"))[0] == 404
    assert await tools.bring_in(office, await look(names("低保")), ORIGIN) == "2026.3"
    assert await served_names(office) == ["低保"]
