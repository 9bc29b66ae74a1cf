"""What is printed of conversations, and which bars they hold."""

from __future__ import annotations

import json

import pytest

from tests.converse.__main__ import conclude
from tests.converse.holding import Exchange, Outcome
from tests.converse.report import group_line, last_line, missed, misses, read_bars, scores
from tests.converse.talks import Talk, read_turn


def outcome(name: str, group: str, *right: bool | None) -> Outcome:
    """A conversation whose turns were right, wrong or (None) not checked."""
    turns = [read_turn({"say": f"第{n}句"} | ({} if ok is None else {"must": ["好"]}))
             for n, ok in enumerate(right)]  # fmt: skip
    exchanges = [
        Exchange(turn, "好" if ok else "不\n对", () if ok is not False else ("must 好",))
        for turn, ok in zip(turns, right, strict=True)
    ]
    return Outcome(Talk(name, group, tuple(turns)), tuple(exchanges))


HELD = [
    outcome("t1", "b", True, None, False),
    outcome("t2", "a", True, True),
    outcome("t3", "b", False),
]


def test_the_last_line_has_counts_and_shares() -> None:
    assert json.loads(last_line(*scores(HELD))) == {
        "turns": 5,
        "turns_right": 0.6,
        "talks": 3,
        "talks_right": 0.3333,
        "by_group": {"a": 1.0, "b": 0.333},
    }


def test_a_group_has_a_line() -> None:
    _, groups = scores(HELD)
    assert list(groups) == ["a", "b"]
    line = "b                            turns    1/   3 0.333   talks   0/  2 0.000"
    assert group_line("b", groups["b"]) == line


def test_a_miss_shows_what_went_before_what_came_back_and_what_was_wrong() -> None:
    assert list(misses(HELD[1])) == []
    shown = "\n".join(misses(HELD[0]))
    assert shown.startswith("--- t1 (b)\n  > say 第0句\n    好\n  > say 第1句")
    assert shown.endswith("  > say 第2句\n    不\n    对\n  WRONG: must 好")


def test_bars_are_held_or_named() -> None:
    assert missed(read_bars("turns=.6,talks=.3"), *scores(HELD)) == []
    assert missed(read_bars("turns=.7, talks=.3"), *scores(HELD)) == ["turns 0.6000 < 0.7"]
    assert missed({}, *scores(HELD)) == []


def test_a_missed_bar_is_an_exit_code_and_the_numbers_stand_last_all_the_same(capsys) -> None:
    assert conclude(HELD, read_bars("turns=.6")) == 0
    assert conclude(HELD, read_bars("turns=.6,talks=.5")) == 1
    printed = capsys.readouterr()
    assert printed.err == "bar missed: talks 0.3333 < 0.5\n"
    assert json.loads(printed.out.splitlines()[-1])["turns_right"] == 0.6


def test_a_group_that_misses_a_single_turn_still_holds() -> None:
    one_missed = scores([outcome("t", "small", False)])
    assert missed(read_bars("worst=.9"), *one_missed) == []
    assert missed(read_bars("worst=.9"), *scores(HELD)) == ["worst 0.3333 < 0.9"]


@pytest.mark.parametrize("text", ["turn=.9", "turns=much", "turns"])
def test_what_is_no_bar_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_bars(text)
