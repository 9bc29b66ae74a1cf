"""Conversations written down as what is said and what must be answered; also run end to end."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from stage import Citizen

TRANSCRIPTS = Path(__file__).resolve().parent / "transcripts"
ANSWERS = {"name": "张三", "phone": "19900000005", "id_number": "99999919460305200X",
           "address": "青石路8号", "date": "今天", "number": "2", "photo": "跳过",
           "text": "办急用", "choice": "第一个"}  # fmt: skip


def conversations() -> list[Any]:
    """Return every conversation of every file, under its name."""
    return [
        pytest.param(talk["turns"], talk.get("scripted", False), id=f"{path.stem}-{talk['name']}")
        for path in sorted(TRANSCRIPTS.glob("*.yml"))
        for talk in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("turns", "scripted"), conversations())
async def test_the_clerk_answers_as_written_down(
    citizen: Citizen, turns: list[Any], scripted: bool
) -> None:
    citizen.scripted = scripted
    for turn in turns:
        words = await play(citizen, turn)
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
        if "form" in turn:
            assert await citizen.form() == turn["form"], f"{turn}: {words}"


async def play(citizen: Citizen, turn: dict[str, Any]) -> str:
    """Play one turn; return the words of the answer."""
    if "say" in turn:
        return await citizen.say(str(turn["say"]), **turn.get("understood", {}))
    if "press" in turn:
        return await citizen.press(turn["press"])
    if "location" in turn:
        return await citizen.locate(turn["location"])
    if "fill" in turn:
        return await fill(citizen)
    return await citizen.photograph("voice" if "voice" in turn else "photo")


async def fill(citizen: Citizen) -> str:
    """Answer whatever the open form asks, until it asks for a yes."""
    words = ""
    for _ in range(30):
        awaiting = await citizen.slot("awaiting")
        if awaiting["kind"] == "confirm":
            return words
        # The day of the talk is a Sunday, on which no window is open.
        visit = awaiting["field"] == "visit_date"
        words = await citizen.say("下周三" if visit else ANSWERS[awaiting["kind"]])
    raise AssertionError(f"the form never ends: {words}")


def found(expected: str, words: str) -> bool:
    """Tell whether `expected` (a text, or a pattern between slashes) stands in `words`."""
    if expected.startswith("/") and expected.endswith("/"):
        return re.search(expected[1:-1], words) is not None
    return expected in words
