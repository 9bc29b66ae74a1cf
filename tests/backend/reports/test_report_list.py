"""The desk's list: what is urgent and due first stands first, and nothing is lost between pages."""

from __future__ import annotations

import itertools
from typing import Any

from backend.app import open_office
from backend.reports.earlier import give_ranks

Json = dict[str, Any]
ENDED = {"resolved", "closed", "withdrawn"}
# Urgent in one and two hours, high in four hours, normal in days and in weeks.
CATEGORIES = ("E503", "P101", "E504", "E101", "C102")
WAYS: tuple[tuple[str, ...], ...] = (
    (),
    ("dispatch",),
    ("dispatch", "sign"),
    ("dispatch", "sign", "resolve"),
    ("dispatch", "sign", "resolve", "close"),
    ("withdraw",),
)


async def thirty_mixed_reports(citizen: Any, dispatcher: Any, hands: Any) -> None:
    """Reports of every state and every urgency, none of them made in the order of the list."""
    for category, way in itertools.product(CATEGORIES, WAYS):
        hands.advance(seconds=7)
        status, report = await citizen.service.post("/reports", citizen.report(category=category))
        assert status == 200, report
        for step in way:
            body: Json = {"why": "办"}
            caller, path = dispatcher, f"/desk/reports/{report['number']}/{step}"
            if step == "withdraw":
                caller, path = citizen.service, f"/reports/{report['number']}/withdraw"
                body["identity"] = citizen.identity
            status, answer = await caller.post(path, body)
            assert status == 200, answer


def expected(reports: list[Json]) -> list[str]:
    """Return the numbers in the order of the list, told in other words than the office's."""
    urgent, still, ended = [], [], []
    for report in reports:
        group = ended if report["state"] in ENDED else urgent if report["urgent"] else still
        group.append(report)
    by_due = [sorted(group, key=lambda one: one["due_at"]) for group in (urgent, still)]
    newest = sorted(ended, key=lambda one: one["registered_at"], reverse=True)
    return [report["number"] for report in [*by_due[0], *by_due[1], *newest]]


async def test_what_is_urgent_stands_first_then_what_is_due_first_then_what_has_ended(
    citizen: Any, login: Any, hands: Any
) -> None:
    dispatcher = await login("dispatcher")
    await thirty_mixed_reports(citizen, dispatcher, hands)
    _, listed = await dispatcher.get("/desk/reports?limit=100")
    assert listed["total"] == len(listed["reports"]) == 30
    assert [one["number"] for one in listed["reports"]] == expected(listed["reports"])
    kinds = [
        (one["state"] in ENDED, one["state"] not in ENDED and not one["urgent"])
        for one in listed["reports"]
    ]
    assert kinds == sorted(kinds)


async def test_pages_of_every_size_show_every_report_once_in_the_same_order(
    citizen: Any, login: Any, hands: Any
) -> None:
    dispatcher = await login("dispatcher")
    await thirty_mixed_reports(citizen, dispatcher, hands)
    for state in ("", "&state=registered", "&state=closed", "&state=withdrawn"):
        _, whole = await dispatcher.get(f"/desk/reports?limit=100{state}")
        for size in (1, 4, 7):
            shown: list[str] = []
            for page in range(1, -(-whole["total"] // size) + 2):
                _, part = await dispatcher.get(f"/desk/reports?limit={size}&page={page}{state}")
                assert part["total"] == whole["total"]
                shown += [one["number"] for one in part["reports"]]
            assert shown == [one["number"] for one in whole["reports"]]


async def test_reports_that_are_due_at_the_same_moment_keep_their_order_over_pages(
    citizen: Any, login: Any
) -> None:
    numbers = [
        (await citizen.service.post("/reports", citizen.report()))[1]["number"] for _ in range(5)
    ]
    dispatcher = await login("dispatcher")
    shown = []
    for page in range(1, 6):
        _, part = await dispatcher.get(f"/desk/reports?limit=1&page={page}")
        shown += [one["number"] for one in part["reports"]]
    assert shown == numbers


async def make_them_old(office: Any) -> None:
    """Leave of all reports what the first version of the house wrote."""
    reports = office.database["reports"]
    for document in await reports.find({}).to_list(100):
        sealed = office.privacy.unseal_document(document["sealed"])
        sealed["notes"] = [
            {name: note[name] for name in ("at", "text", "media_ids")} for note in sealed["notes"]
        ]
        for entry in sealed["history"]:
            del entry["by_rule"]
        for name in ("urgent", "danger", "rank"):
            del document[name]
        document["sealed"] = office.privacy.seal_document(sealed)
        await reports.replace_one({"_id": document["_id"]}, document)


async def test_reports_of_an_earlier_version_are_listed_after_the_start_and_can_be_opened(
    citizen: Any, login: Any, hands: Any, office: Any, settings: Any
) -> None:
    dispatcher = await login("dispatcher")
    await thirty_mixed_reports(citizen, dispatcher, hands)
    _, before = await dispatcher.get("/desk/reports?limit=100")
    first = before["reports"][0]["number"]
    body = {"identity": citizen.identity, "text": "还在等"}
    await citizen.service.post(f"/reports/{first}/note", body)
    await make_them_old(office)
    _, lost = await dispatcher.get("/desk/reports?limit=100")
    assert lost["reports"] == []

    async with open_office(settings, office.replies, hands):
        pass
    _, after = await dispatcher.get("/desk/reports?limit=100")
    assert after == before
    _, seen = await dispatcher.get(f"/desk/reports/{first}")
    assert (seen["danger"], seen["notes"][0]["text"], seen["notes"][0]["place"]) == (
        None, "还在等", "",
    )  # fmt: skip
    status, _ = await citizen.service.post(f"/reports/{first}/note", body)
    assert status == 200


async def test_giving_places_in_the_list_again_changes_nothing(citizen: Any, office: Any) -> None:
    await citizen.service.post("/reports", citizen.report())
    await make_them_old(office)
    await give_ranks(office)
    reports = await office.database["reports"].find({}).to_list(10)
    await give_ranks(office)
    assert await office.database["reports"].find({}).to_list(10) == reports
    assert reports[0]["rank"]
