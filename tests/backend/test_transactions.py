"""No transaction inside another: several looks at once, and the rule that keeps it so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest
from house_transactions import nested
from mypy import api

from backend import db
from backend.db import NestedTransactionError
from backend.errors import UnavailableError
from backend.numbers import count

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0
USE_CASE = """
from backend.db import Transaction
from backend.office import Inside, Office

async def work(tx: Transaction) -> None: ...

async def alone(office: Office) -> None: ...

async def write(office: Inside, tx: Transaction) -> None:
    {}
"""


async def reveal(approver: Any, number: str, item: int) -> tuple[int, Any]:
    body = {"why": f"电话核实第{item}项材料"}
    return await approver.post(f"/desk/cases/{number}/reveal", body)


@pytest.mark.parametrize(("reveals", "applications"), [(2, 0), (4, 0), (2, 2), (1, 8)])
async def test_looks_and_applications_at_the_same_moment_are_all_answered(
    citizen: Any, login: Any, office: Any, reveals: int, applications: int
) -> None:
    approver = await login("approver")
    numbers = [(await citizen.apply())["number"] for _ in range(reveals)]
    application = await citizen.application("MZ001")
    asked: list[Awaitable[tuple[int, Any]]] = [
        *(reveal(approver, number, item) for item, number in enumerate(numbers)),
        *(citizen.service.post("/cases", application) for _ in range(applications)),
    ]
    answers = await asyncio.wait_for(asyncio.gather(*asked), PATIENCE_SECONDS)
    assert [status for status, _ in answers] == [200] * (reveals + applications)
    noted = await office.database["access_log"].find({"action": "case.reveal"}).to_list(10)
    assert sorted(look["entity_id"] for look in noted) == sorted(numbers)

    async with asyncio.timeout(PATIENCE_SECONDS):
        auditor = await login("auditor")
        assert (await auditor.get("/supervision/integrity"))[1]["intact"] is True
        asking = {"conversation_id": citizen.name, "reason": "asked", "summary": "要找人"}
        assert (await citizen.service.post("/handoffs", asking))[0] == 200
        assert (await approver.get(f"/desk/cases/{numbers[0]}"))[0] == 200
        assert (await citizen.apply())["state"] == "submitted"


async def test_reports_and_talks_seen_in_clear_at_once_are_all_answered(
    arrive: Any, login: Any
) -> None:
    dispatcher, citizen = await login("dispatcher"), await arrive("a")
    made = [(await citizen.service.post("/reports", citizen.report()))[1] for _ in range(3)]
    asked = [
        dispatcher.post(f"/desk/reports/{one['number']}/reveal", {"why": f"回电问第{place}处位置"})
        for place, one in enumerate(made)
    ]
    answers = await asyncio.wait_for(asyncio.gather(*asked), PATIENCE_SECONDS)
    assert [status for status, _ in answers] == [200] * 3


async def test_a_transaction_inside_another_is_refused_in_tasks_of_it_too(office: Any) -> None:
    async def inner(tx: Any) -> None:
        pytest.fail("it was opened")

    async def directly(tx: Any) -> None:
        await office.transact(inner)

    async def in_a_task(tx: Any) -> None:
        await asyncio.create_task(office.transact(inner))

    for outer in (directly, in_a_task):
        with pytest.raises(NestedTransactionError):
            await office.transact(outer)

    async def alone(tx: Any) -> str:
        return "done"

    assert await office.transact(alone) == "done"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("await office.transact(work)", '"Inside" has no attribute "transact"'),
        ("await office.transactor.run(work)", '"Inside" has no attribute "transactor"'),
        ("await alone(office)", 'incompatible type "Inside"; expected "Office"'),
        ("await work(tx)", None),
    ],
)
def test_the_type_of_what_stands_inside_a_transaction_opens_no_other(
    tmp_path: Path, body: str, fault: str | None
) -> None:
    use_case = tmp_path / "use_case.py"
    use_case.write_text(USE_CASE.format(body), encoding="utf-8")
    config = [
        "--config-file",
        str(ROOT / "pyproject.toml"),
        "--cache-dir",
        str(ROOT / ".mypy_cache"),
    ]
    said, _, status = api.run([*config, str(use_case)])
    assert status == (1 if fault else 0), said
    assert (fault or "Success") in said


async def test_whoever_stands_in_the_line_too_long_is_told_to_come_again(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "LINE_PATIENCE_SECONDS", 0.2)
    inside, done = asyncio.Event(), asyncio.Event()
    runs = []

    async def slow(tx: Any) -> None:
        runs.append(1)
        await count(office.database, tx, "slow")
        if len(runs) == 1:
            # It is ended from outside, and goes on in the line.
            await office.database.client.admin.command("killAllSessions", [])
            return
        inside.set()
        await done.wait()

    async def quick(tx: Any) -> str:
        return "done"

    first = asyncio.create_task(office.transact(slow))
    try:
        await asyncio.wait_for(inside.wait(), PATIENCE_SECONDS)
        with pytest.raises(UnavailableError) as refused:
            await office.transact(quick)
        assert refused.value.key == "office.busy"
    finally:
        done.set()
    await first
    assert await office.transact(quick) == "done"


def test_the_house_rule_finds_a_second_transaction_however_far_away() -> None:
    sources = {
        "backend.log": "async def note(office):\n    await office.transact(lambda tx: None)\n",
        "backend.looks": "from backend import log\n\nasync def look(office):\n"
        "    await log.note(office)\n",
        "backend.cases": "from backend.looks import look as seen\n\n"
        "async def reveal(office, tx):\n    await seen(office)\n",
        "backend.fine": "from backend.looks import look\n\nasync def read(office):\n"
        "    async def write(tx):\n        return 1\n"
        "    await look(office)\n    await office.transact(write)\n",
    }
    assert [module for module, _ in nested(sources)] == ["backend.cases"]


def test_the_house_rule_finds_whoever_has_a_transaction_and_could_open_another() -> None:
    sources = {
        "backend.wide": "async def write(office: Office, tx: Transaction):\n    return 1\n",
        "backend.narrow": "async def write(office: Inside, tx: Transaction):\n    return 1\n",
        "backend.reads": "async def read(office: Office, tx: Transaction | None):\n    return 1\n",
    }
    assert [module for module, _ in nested(sources)] == ["backend.wide"]
