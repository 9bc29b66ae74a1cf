"""Answers as people give them, each read as a whole (tests/standards/phrases)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import cn2an
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from standards.acceptors import (
    Accepted,
    choices,
    dates,
    documents,
    heads,
    money,
    name_signs,
    names,
    number,
    phones,
    times,
)
from standards.acceptors.numerals import in_figures

TODAY = date(2026, 11, 30)
PHRASES = Path(__file__).resolve().parent / "phrases"
DATA = Path(__file__).resolve().parents[2] / "data"
ALIKE = yaml.safe_load((DATA / "dialogue" / "choices.yml").read_text(encoding="utf-8"))
INCOME = "全家一个月收入大概多少元？"


def phrases(kind: str) -> list[Any]:
    lines = (PHRASES / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()
    return [pytest.param(row := json.loads(line), id=row["said"]) for line in lines]


def as_written(read: Accepted, row: dict[str, Any]) -> None:
    assert (read.value, read.problem) == (row["value"], row.get("problem")), read
    assert read.asks == row.get("asks", False), read
    assert 0 <= read.start <= read.end <= len(row["said"])


@pytest.mark.parametrize("row", phrases("number"))
def test_a_number_is_read_whole(row: dict[str, Any]) -> None:
    as_written(number.accept(row["said"]), row)


@pytest.mark.parametrize("row", phrases("money"))
def test_an_amount_is_read_with_its_heads_and_its_period(row: dict[str, Any]) -> None:
    per = row.get("per")
    as_written(money.accept(row["said"], per=per, asked=INCOME if per else ""), row)


@pytest.mark.parametrize("row", phrases("heads"))
def test_people_are_counted_as_people_count_them(row: dict[str, Any]) -> None:
    as_written(heads.accept(row["said"], asked="一起住的有几口人？"), row)


@pytest.mark.parametrize("row", phrases("date"))
def test_a_day_is_read_whatever_way_it_is_named(row: dict[str, Any]) -> None:
    read = dates.accept(row["said"], TODAY, tense=row.get("tense", "past"))
    as_written(read, row)
    if not read.asks:
        assert read.told_back == row.get("back", False)


@pytest.mark.parametrize("row", phrases("time"))
def test_a_time_of_day_is_read(row: dict[str, Any]) -> None:
    as_written(times.accept(row["said"]), row)


@pytest.mark.parametrize("row", phrases("choice"))
def test_a_choice_is_read_by_place_or_by_word(row: dict[str, Any]) -> None:
    as_written(choices.accept(row["said"], row["choices"], alike=ALIKE), row)


@pytest.mark.parametrize("row", phrases("name"))
def test_a_name_is_read_as_papers_have_it_and_of_whom_it_is_told(row: dict[str, Any]) -> None:
    read = names.accept(row["said"], whose=row.get("whose", ""))
    as_written(read, row)
    # What the form takes, the office files unchanged.
    assert read.value is None or name_signs.written(read.value) == read.value


@pytest.mark.parametrize("row", phrases("phone"))
def test_a_phone_is_read_however_its_figures_are_said(row: dict[str, Any]) -> None:
    as_written(phones.accept(row["said"]), row)


@pytest.mark.parametrize("row", phrases("document"))
def test_a_number_of_a_paper_is_read_or_the_paper_is_named(row: dict[str, Any]) -> None:
    read = documents.accept(row["said"], TODAY)
    as_written(read, row)
    assert read.shown.get("paper") == row.get("paper")


@pytest.mark.parametrize(
    ("said", "answers"),
    [("只有护照", True), ("用护照行不行", True), ("护照可以吗", True), ("户口本", True),
     ("回乡证 H12345678", True), ("我是外国人", True), ("户口本要不要带", False),
     ("居住证怎么办", False), ("我想办护照", False), ("护照要带吗", False),
     ("身份证在老家", False)],
)  # fmt: skip
def test_a_paper_somebody_holds_is_an_answer_and_one_that_is_asked_about_none(
    said: str, answers: bool
) -> None:
    assert documents.tries(said) == answers


@pytest.mark.parametrize(
    ("question", "whose"),
    [("老人叫什么名字？", "elder"), ("宝宝妈妈叫什么名字？", "elder"),
     ("宝宝是哪天生的？", "child"),
     ("残疾人本人叫什么名字？", "self"), ("您叫什么名字？", "self"), ("您贵姓大名？", "self"),
     ("共同借款人叫什么？多是爸妈。", ""), ("监护人姓名", "self"), ("去世的家人叫什么？", "other")],
)  # fmt: skip
def test_a_question_tells_of_whom_it_asks(question: str, whose: str) -> None:
    assert names.whose_of(question) == whose


@pytest.mark.parametrize(
    ("said", "whose"),
    [("我家崽崽叫王强", "child"), ("伢子叫王强", "child"), ("老太太叫孙茂英", "elder"),
     ("我儿媳妇叫李敏", "other"), ("屋头人叫周芳", "spouse")],
)  # fmt: skip
def test_a_name_is_that_of_the_relative_it_is_told_of(said: str, whose: str) -> None:
    (one,) = names.told(said)
    assert one.whose == whose


@pytest.mark.parametrize(
    ("text", "filed"),
    [("买买提•艾力", "买买提·艾力"), ("王　芳", "王芳"), ("𠮷海军", "𠮷海军"),
     ("José  Vega", "José Vega"), ("<script>", ""), ("甲", ""), ("我的", ""), ("张三1", ""),
     ("么红", "么红"), ("的日木呷", "的日木呷"), ("张么妹", "张么妹"),
     ("\uf9d1宁", "六宁"), ("\ua080\ua0f1", "\ua080\ua0f1"), ("\ue000\ue001", "")],
)  # fmt: skip
def test_a_name_is_filed_as_papers_write_it(text: str, filed: str) -> None:
    assert name_signs.written(text) == filed


def test_what_an_amount_was_reckoned_from_can_be_said_back() -> None:
    read = money.accept("每人 800 两个人", per="month")
    assert read.way == "per_head"
    assert dict(read.shown) == {"each": "800", "heads": "2", "said": "1600", "total": "1600"}
    read = money.accept("每人一年一万二，三口人", per="month")
    assert (read.way, read.value, read.shown["said"]) == ("per_period", "3000", "36000")


@pytest.mark.parametrize(
    ("said", "value"),
    [("30", "30"), ("30万", "30"), ("三十万元", "30"), ("300000", "30"), ("1.5万", "1.5")],
)
def test_an_amount_is_given_in_the_unit_that_was_asked_for(said: str, value: str) -> None:
    assert money.accept(said, unit=10_000).value == value


def test_positions_are_those_of_the_citizens_own_words() -> None:
    said = "我後天 下午３點 來，交 ５００塊"
    day = dates.accept(said, TODAY, tense="ahead")
    assert said[day.start : day.end] == "後天"
    amount = money.accept("我 交 ５００塊 哈")
    assert "我 交 ５００塊 哈"[amount.start : amount.end] == "５００塊"


def test_a_moons_day_that_can_be_two_days_names_both() -> None:
    read = dates.accept("八月十五那天", TODAY)
    assert dict(read.shown) == {"solar": "2026-08-15", "moon": "2026-09-25"}


def test_working_days_are_counted_over_weekends_and_holidays() -> None:
    before = date(2026, 9, 30)
    assert dates.accept("五个工作日后", before, tense="ahead").value == "2026-10-13"
    # Saturday 2026-10-10 is worked for the National Day holiday (调休).
    assert dates.accept("三个工作日后", before, tense="ahead").value == "2026-10-10"
    assert dates.accept("下个工作日", before, tense="ahead").value == "2026-10-08"


def test_numbers_in_a_sentence_become_figures_in_their_places() -> None:
    assert in_figures("我妈八十二 两个娃") == "我妈82 2个娃"
    assert in_figures("万家的") == "万家的"


WHOLE = st.integers(0, 99_999_999)


@settings(deadline=None)
@given(WHOLE, st.sampled_from(["low", "up", "plain", "comma", "wide"]))
def test_every_number_is_read_back_however_it_is_written(value: int, way: str) -> None:
    written = {"low": lambda: cn2an.an2cn(str(value), "low"),
               "up": lambda: cn2an.an2cn(str(value), "up"), "plain": lambda: str(value),
               "comma": lambda: f"{value:,}",
               "wide": lambda: str(value).translate({48 + d: 0xFF10 + d for d in range(10)}),
               }[way]()  # fmt: skip
    assert number.accept(written).value == str(value)
    assert money.accept(f"{written}元").value == str(value)


@settings(deadline=None)
@given(st.integers(1, 9999), st.integers(1, 9))
def test_the_next_lower_unit_may_be_left_unsaid(value: int, next_one: int) -> None:
    spoken = cn2an.an2cn(str(value), "low")
    assert money.accept(f"{value}万{next_one}").value == str(value * 10_000 + next_one * 1000)
    assert money.accept(f"{spoken}万{'一二三四五六七八九'[next_one - 1]}").value == str(
        value * 10_000 + next_one * 1000
    )


DAYS = [date(2020, 1, 1) + timedelta(days=step) for step in range(4018)]


def in_characters(day: date) -> str:
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    month, number_of = (cn2an.an2cn(str(part), "low") for part in (day.month, day.day))
    return f"{year}年{month.removeprefix('一') if day.month > 9 else month}月{_teen(number_of)}日"


def _teen(said: str) -> str:
    return said.removeprefix("一") if said.startswith("一十") else said


@pytest.mark.parametrize("year", range(2020, 2031))
def test_every_day_is_read_back_however_it_is_written(year: int) -> None:
    for day in (day for day in DAYS if day.year == year):
        for written in (day.isoformat(), f"{day:%Y%m%d}", f"{day.year}.{day.month}.{day.day}",
                        f"{day.year}年{day.month}月{day.day}号", in_characters(day)):  # fmt: skip
            read = dates.accept(written, TODAY)
            assert (read.value, read.asks) == (day.isoformat(), False), written


@settings(deadline=None)
@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 400))
def test_days_are_counted_back_from_any_day(today: date, count: int) -> None:
    said = cn2an.an2cn(str(count), "low")
    assert dates.accept(f"{said}天前", today).value == (today - timedelta(days=count)).isoformat()


_PIECES = st.sampled_from(
    [*"0129零一二三两十百千万亿半几多把块元毛角分钱号日月年周天点刻时",
     *"上下前后本这第个俩仨每人不没.,:-/ ￥", "星期", "礼拜", "工作日", "上午", "明天", "去年",
     "每人", "一个月", "腊月", "初", "端午", "国庆", "第二个", "最后", "都要",
     "不是", "我叫", "我妈叫", "·", "王芳", "护照", "幺三八", "座机",
     "两口子", "连我", "30", "2026", "99999999999999", "1e9"]
)  # fmt: skip
ANY_TEXT = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=24).map("".join))


@settings(deadline=None)
@given(ANY_TEXT, st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_no_text_breaks_a_reader(text: str, today: date) -> None:
    days = [dates.accept(text, today, tense=tense) for tense in ("past", "ahead", "born")]
    amounts = [money.accept(text, per="month"), money.accept(text, unit=10_000)]
    counts = [number.accept(text), heads.accept(text), times.accept(text)]
    counts += [names.accept(text), phones.accept(text), documents.accept(text, today)]
    for read in (*days, *amounts, *counts, choices.accept(text, ["丢了", "被偷"], alike=ALIKE)):
        assert (read.value is None) == (read.problem is not None)
        assert 0 <= read.start <= read.end <= len(text)
        if read.value is not None:
            assert read.value
