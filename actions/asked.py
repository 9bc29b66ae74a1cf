"""问什么 What a question asks for: which elements, and whether it names an item of its own."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Any

import yaml

from actions.texts import data_dir
from actions.turn import Turn

# People ask for two of these in one breath; the cues of the others are too vague for a second.
DOUBLED = ("fee", "time", "materials", "place")


def names_nothing(text: str) -> bool:
    """Tell whether `text` holds only words that name no item ("那要好多钱嘛")."""
    return bool(_plain(text)) and not own_words(text)


def own_words(text: str) -> str:
    """Return what is left of `text` without signs and words that name no item."""
    return _generic().sub("", _plain(text))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).lower())


def asks_whether(text: str) -> bool:
    """Tell whether `text` asks for a yes or a no ("外地户口行不行")."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if re.search(_follow_up()["open_question"], plain):
        return False
    return any(re.search(pattern, plain) for pattern in _follow_up()["whether"])


def asks_amount(text: str, *, of: str) -> bool:
    """Tell whether `text` asks how much money one gets by the item called `of`."""
    gives, how_much = _follow_up()["gives_money"], _follow_up()["how_much"]
    return bool(re.search(gives, of)) and bool(re.search(how_much, text))


def asks_opening(text: str) -> bool:
    """Tell whether `text` asks when somebody is at the window ("能不能周六来办")."""
    return bool(re.search(_follow_up()["open_on"], text))


def presses_for_time(text: str) -> bool:
    """Tell whether `text` says that something is needed soon ("急用，明天要去医院")."""
    return bool(re.search(_follow_up()["hurry"], text))


def asks_visit(text: str) -> bool:
    """Tell whether `text` speaks of somebody who cannot come, or shall come ("腿脚不方便")."""
    return bool(re.search(_follow_up()["visit"], text))


def asks_who_handles(text: str) -> bool:
    """Tell whether `text` asks who sees to something ("路灯坏了归哪个管")."""
    return bool(re.search(_follow_up()["who_handles"], re.sub(r"\s", "", text)))


def tells_expiry(text: str) -> bool:
    """Tell whether `text` says that something runs out and does not ask how long a thing takes."""
    return bool(re.search(_follow_up()["runs_out"], text))


def also_asked(turn: Turn, element: str) -> str | None:
    """Return the second element a message asks for beside `element`, if it does."""
    if not turn.spoken:
        return None
    return next((one for one in DOUBLED if one != element and asks_for(turn, one)), None)


def asks_for(turn: Turn, element: str) -> bool:
    """Tell whether a word that asks for an element of `DOUBLED` stands in a message."""
    return any(cue.search(turn.normalised) for cue in _cues()[element])


@functools.lru_cache(maxsize=1)
def _generic() -> re.Pattern[str]:
    return re.compile("|".join(_follow_up()["generic"]))


@functools.lru_cache(maxsize=1)
def _follow_up() -> dict[str, Any]:
    return _read("dialogue/follow_up.yml")


@functools.lru_cache(maxsize=1)
def _cues() -> dict[str, list[re.Pattern[str]]]:
    """Return the cue words of each element, those the pipeline itself finds elements by."""
    cues: dict[str, list[re.Pattern[str]]] = {element: [] for element in DOUBLED}
    for cue in _read("dictionaries/elements.yml")["cues"]:
        if cue["element"] in cues:
            cues[cue["element"]].append(re.compile("|".join(cue["patterns"])))
    return cues


def _read(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((data_dir() / name).read_text(encoding="utf-8")))
