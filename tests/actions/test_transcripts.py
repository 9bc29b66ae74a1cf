"""Conversations written down as what is said and what must be answered; also run end to end."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from desk import Desk
from stage import Citizen

TRANSCRIPTS = Path(__file__).resolve().parent / "transcripts"
ANSWERS = {"name": "张三", "phone": "19900000005", "id_number": "99999919460305200X",
           "address": "青石路8号", "date": "今天", "number": "2", "photo": "跳过",
           "text": "办急用", "choice": "第一个"}  # fmt: skip
# The stage stands on a Sunday, on which nobody is at the window.
WORKING_DAY = "明天"


def conversations() -> list[Any]:
    """Return every conversation of every file, under its name."""
    return [
        pytest.param(talk["turns"], talk.get("scripted", False), id=f"{path.stem}-{talk['name']}")
        for path in sorted(TRANSCRIPTS.glob("*.yml"))
        for talk in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("turns", "scripted"), conversations())
async def test_the_clerk_answers_as_written_down(
    citizen: Citizen, desk: Desk, turns: list[Any], scripted: bool
) -> None:
    citizen.scripted = scripted
    for turn in turns:
        before = citizen.replies
        words = await play(citizen, desk, turn)
        print(f"> {turn.get('say') or turn}\n{words}\n{citizen.chips}\n")
        for expected in turn.get("expect", ()):
            assert found(expected, words), f"{turn}: {words}"
        for unwanted in turn.get("reject", ()):
            assert unwanted not in words, f"{turn}: {words}"
        for expected in turn.get("first", ()):
            assert expected in citizen.replies[0]["text"].splitlines()[0]
        assert set(turn.get("chips", ())) <= set(citizen.chips), f"{turn}: {citizen.chips}"
        if "source" in turn:
            assert turn["source"].items() <= citizen.card["source"].items()
        if "picked" in turn:
            assert citizen.card["source"]["item_code"] == offered(before, turn["picked"])
        if "form" in turn:
            assert await citizen.form() == turn["form"], f"{turn}: {words}"


def offered(replies: list[dict[str, Any]], place: int) -> str:
    """Return the code of the item that stood at a place (from 1) of what was offered."""
    chips = [chip for reply in replies for chip in reply.get("chips", ())]
    payload = chips[place - 1]["payload"]
    return str(json.loads(payload[payload.index("{") :])["item_code"])


async def play(citizen: Citizen, desk: Desk, turn: dict[str, Any]) -> str:
    """Play one turn; return the words of the answer, or of what staff let the citizen know."""
    if "sent_back" in turn:
        last = await citizen.slot("last_thing")
        await desk.send_back(last["number"], turn["sent_back"])
        return await citizen.read()
    if "say" in turn:
        return await citizen.say(str(turn["say"]), **turn.get("understood", {}))
    if "press" in turn:
        return await citizen.press(turn["press"])
    if "location" in turn:
        return await citizen.locate(turn["location"])
    if "fill" in turn or "until" in turn:
        return await fill(citizen, turn.get("until"))
    return await citizen.photograph("voice" if "voice" in turn else "photo")


async def fill(citizen: Citizen, until: str | None = None) -> str:
    """Answer whatever the open form asks, until it asks for a yes, or for the field `until`."""
    words = ""
    for _ in range(30):
        awaiting = await citizen.slot("awaiting")
        if awaiting["kind"] == "confirm" or awaiting["field"] == until:
            return words
        visit = awaiting["field"] == "visit_date"
        words = await citizen.say(WORKING_DAY if visit else ANSWERS[awaiting["kind"]])
    raise AssertionError(f"the form never ends: {words}")


def found(expected: str, words: str) -> bool:
    """Tell whether `expected` (a text, or a pattern between slashes) stands in `words`."""
    if expected.startswith("/") and expected.endswith("/"):
        return re.search(expected[1:-1], words) is not None
    return expected in words
