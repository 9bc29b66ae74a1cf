"""What people tell of themselves in running speech (tests/standards/phrases/circumstance.jsonl)."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import cn2an
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standards.acceptors.circumstances import read
from standards.acceptors.told import Told
from standards.periods import moved

TODAY = date(2026, 11, 30)
PHRASES = Path(__file__).resolve().parent / "phrases" / "circumstance.jsonl"
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in PHRASES.read_text(encoding="utf-8").splitlines()
]


def as_told(told: Told, row: dict[str, Any]) -> bool:
    """Tell whether a circumstance says what a row of the table says of it."""
    if told.kind != row["kind"]:
        return False
    if "value" in row and told.value != row["value"]:
        return False
    if "low" in row:
        wanted = (Decimal(row["low"]), Decimal(row.get("high", row["low"])), row["unit"])
        if (told.low, told.high, told.unit) != wanted:
            return False
    return row.get("of", told.of) == told.of and told.who.endswith(row.get("who", ""))


@pytest.mark.parametrize("row", ROWS, ids=[row["said"] for row in ROWS])
def test_what_is_told_is_read_with_its_value_its_unit_and_of_whom(row: dict[str, Any]) -> None:
    found = read(row["said"], TODAY).told
    assert len(found) == len(row["told"]), found
    for told, wanted in zip(found, row["told"], strict=True):
        assert as_told(told, wanted), told
        assert 0 <= told.start < told.end <= len(row["said"])


def test_a_day_of_birth_is_reckoned_to_the_day_and_a_year_to_both_its_ends() -> None:
    (exact,) = read("我爸1946年12月31日出生", TODAY).told
    assert (exact.low, exact.exact, exact.since) == (79, True, (date(1946, 12, 31),) * 2)
    (year,) = read("我爸46年生的", TODAY).told
    assert year.since == (date(1946, 1, 1), date(1946, 12, 31))
    assert not year.exact


def test_positions_are_those_of_the_citizens_own_words() -> None:
    said = "我媽 今年 ８２ 了，住 了 ３ 個月"
    age, stay = read(said, TODAY).told
    assert said[age.start : age.end] == "８２ 了"
    assert said[stay.start : stay.end] == "住 了 ３ 個月"


def test_a_relative_is_called_by_a_word_and_not_by_an_expression() -> None:
    assert read("我儿媳妇今年28岁", TODAY).told[0].kin == "儿媳妇"


def test_what_no_circumstance_accounts_for_is_named() -> None:
    assert read("我今年六十二", TODAY).unread == ()
    assert any("拐杖" in word for word in read("我今年六十二，走路要拄拐杖", TODAY).unread)


@settings(deadline=None)
@given(st.integers(1, 119), st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_an_age_in_years_is_told_by_those_born_in_the_same_twelve_months(
    years: int, today: date
) -> None:
    spoken = cn2an.an2cn(str(years), "low")
    for said in (f"我今年{years}岁", f"我妈{spoken}岁了"):
        (told,) = read(said, today).told
        assert (told.low, told.high) == (years, years)
        assert told.since is not None
        first, last = told.since
        assert moved(first, years + 1, "years") > today >= moved(last, years, "years")


_PIECES = st.sampled_from(
    [*"零一二三八十百两几多快都才满刚不没到了岁年月天个我妈他娃后生的住交级户", "周岁", "个月",
     "半年", "过期", "到期", "分居", "出生", "户口", "外地", "本区", "二级乙等", "还有", "1946",
     "82", "平方", "块"]
)  # fmt: skip


@settings(deadline=None)
@given(
    st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=24).map("".join)),
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
)
def test_no_text_breaks_the_reader(text: str, today: date) -> None:
    for told in read(text, today).told:
        assert 0 <= told.start < told.end <= len(text)
        assert (told.low is None) == (told.kind in ("level", "hukou"))
        if told.low is not None and told.high is not None:
            assert told.low <= told.high
        if told.since is not None:
            assert told.since[0] <= told.since[1]
