"""What a line of the guide decides of somebody's own case: quoted, reckoned, never promised."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.decided_text import line_text
from actions.decides import Decided, decide, typed

TODAY = date(2026, 11, 30)
CATALOGUE = Path(__file__).resolve().parents[2] / "data" / "catalogue"
ITEMS: dict[str, dict[str, Any]] = {
    item["code"]: item
    for path in sorted(CATALOGUE.glob("*.yaml"))
    for item in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["items"]
}


def item(*conditions: str, typed: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    elements = {"conditions": list(conditions), **more}
    return {"name": "事项", "elements": elements, "typed": typed, "situations": []}


def first(found: list[Decided]) -> Decided:
    assert found
    return found[0]


RESIDENCE = item("在这里登记居住满半年。", typed=[
    {"line": "conditions.0", "kind": "duration", "of": "residence", "min": 6, "unit": "months"},
])  # fmt: skip
OLD = item("老人年满 80 周岁。", "户籍在本区。", typed=[
    {"line": "conditions.0", "kind": "age", "who": "老人", "min": 80},
    {"line": "conditions.1", "kind": "hukou", "who": "老人", "local": "required"},
])  # fmt: skip
MARRIAGE = item("男满 22 周岁，女满 20 周岁。", typed=[
    {"line": "conditions.0", "kind": "age", "who": "男方", "min": 22, "sex": "male"},
    {"line": "conditions.0", "kind": "age", "who": "女方", "min": 20, "sex": "female"},
])  # fmt: skip
ADOPTION = item("收养人年满 30 周岁。", "满 8 周岁的孩子要本人同意。", typed=[
    {"line": "conditions.0", "kind": "age", "who": "收养人", "min": 30},
    {"line": "conditions.1", "kind": "age", "who": "孩子", "min": 8, "when": "要孩子同意"},
])  # fmt: skip
NEWBORN = item("新生儿出生 90 天内参保。", typed=[
    {"line": "conditions.0", "kind": "deadline", "after": "出生", "within": 90, "unit": "days"},
])  # fmt: skip
TRACTOR = item("年满 18 周岁，不超过 70 周岁。", typed=[
    {"line": "conditions.0", "kind": "age", "min": 18, "max": 70},
])  # fmt: skip
SCHOOL = item("当年 8 月 31 日前满 6 周岁。", typed=[
    {"line": "conditions.0", "kind": "age", "who": "孩子", "min": 6, "when": "当年8月31日前"},
])  # fmt: skip
TEACHER = item("普通话二级乙等，语文要二甲。", typed=[
    {"line": "conditions.0", "kind": "level", "of": "普通话", "least": "二级乙等"},
    {"line": "conditions.0", "kind": "level", "of": "普通话", "least": "二级甲等", "when": "语文"},
])  # fmt: skip
RENEWAL = item("到期前 90 天到 15 天之间申请。", typed=[
    {"line": "conditions.0", "kind": "before_expiry", "from": 90, "to": 15, "unit": "days"},
])  # fmt: skip


@pytest.mark.parametrize(
    ("of", "said", "state", "words"),
    [
        (RESIDENCE, "我在这儿住了四个月", "short", "还差两个月"),
        (RESIDENCE, "来这边租房快一年了能办不", "holds", "这一条够了"),
        (RESIDENCE, "我没住满半年能办吗", "short", "您不到半年，还不够"),
        (OLD, "我外婆今年七十七", "short", "还差三岁"),
        (OLD, "我外婆七十多岁", "short", "还差最多十岁"),
        (OLD, "我外婆没满八十", "short", "您外婆不到80岁，还不够"),
        (OLD, "我外婆八十三了", "holds", "这一条够了"),
        (OLD, "我爷爷47年2月3号生的", "short", "2027-02-03 才满"),
        (OLD, "我爷爷46年的", "open", "要看具体日子"),
        (OLD, "外婆85了，户口还在老家", "missed", "对不上"),
        (MARRIAGE, "男方二十三，女方十九", "short", "女方19岁，还差一岁"),
        (MARRIAGE, "我女朋友刚满二十，我今年二十五", "holds", "女朋友20岁"),
        (MARRIAGE, "我二十一", "short", "要是女方，21岁，这一条够了"),
        (ADOPTION, "我三十三，我爱人二十九", "short", "您爱人29岁，还差一岁"),
        (ADOPTION, "孩子都十一岁了", "holds", "孩子11岁，已经到了"),
        (NEWBORN, "娃生下来六十天", "holds", "还剩 30 天"),
        (NEWBORN, "宝宝四个月大了", "over", "超过了"),
        (TRACTOR, "我爸七十三了想考", "over", "超过了三岁"),
        (TRACTOR, "我爸八十多了想考", "over", "超过了至少十岁"),
        (TRACTOR, "我16岁", "short", "还差两岁"),
        (SCHOOL, "我娃2021年9月3号生的", "short", "算到 2027-08-31"),
        (SCHOOL, "娃2020年12月生的", "holds", "已经到了"),
        (TEACHER, "我普通话二乙，教美术", "holds", "这一条够了"),
        (TEACHER, "想教语文，普通话是二级乙等", "missed", "对不上"),
        (TEACHER, "普通话三甲", "missed", "对不上"),
        (RENEWAL, "还有五个月到期", "short", "现在来还早"),
        (RENEWAL, "还有一个月就到期了", "holds", "还来得及"),
        (RENEWAL, "已经过期三天了", "over", "已经过期了"),
    ],
)
def test_a_line_decides_what_was_told(
    of: dict[str, Any], said: str, state: str, words: str
) -> None:
    decided = first(decide(of, said, TODAY))
    assert (decided.state, words in decided.verdict) == (state, True), decided.words
    assert of["elements"]["conditions"][int(decided.line[-1])].rstrip("。") in decided.quote


def test_a_case_that_is_told_or_is_the_items_own_is_decided() -> None:
    paid = item("2030 年前，缴费满 15 年。", "封存满半年。", typed=[
        {"line": "conditions.0", "kind": "duration", "of": "contribution", "min": 15,
         "unit": "years", "when": "2030 年前"},
        {"line": "conditions.1", "kind": "duration", "of": "closed_account", "min": 6,
         "unit": "months", "when": "离职"},
    ])  # fmt: skip
    assert "还差四年" in first(decide(paid, "社保交了十一年", TODAY)).verdict
    assert decide(paid, "社保交了十一年", date(2031, 1, 1)) == []
    assert decide(paid, "封存三个月了", TODAY) == []
    named = {**paid, "name": "离职提取"}
    assert "还差三个月" in first(decide(named, "封存三个月了", TODAY)).verdict


SIBLING = item("弟妹未满 18 岁。", typed=[
    {"line": "conditions.0", "kind": "age", "who": "弟妹", "max": 17},
])  # fmt: skip
PAID_YEAR = item("失业保险交满 1 年。", typed=[
    {"line": "conditions.0", "kind": "duration", "of": "contribution", "min": 1, "unit": "years"},
])  # fmt: skip
HOUSING = {**PAID_YEAR, "name": "租房提取住房公积金"}


def test_years_are_of_the_fund_that_is_named_and_of_none_where_it_stopped() -> None:
    assert first(decide(PAID_YEAR, "社保交了五年又断了半年", TODAY)).state == "holds"
    assert first(decide(PAID_YEAR, "交了三年了", TODAY)).state == "holds"
    assert first(decide(HOUSING, "公积金交了三年", TODAY)).state == "holds"
    assert first(decide(HOUSING, "社保和公积金都交了三年", TODAY)).state == "holds"
    assert first(decide(SIBLING, "我妹妹十五岁", TODAY)).state == "holds"


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (ITEMS["WJ002"], "医院是三级的行吗"),
        (PAID_YEAR, "社保断了两年"),
        (PAID_YEAR, "失业保险停了三个月"),
        (PAID_YEAR, "两年没交社保了"),
        (PAID_YEAR, "公积金交了三年"),
        (HOUSING, "社保交了五年"),
        (SIBLING, "我今年十五岁"),
        (SIBLING, "十五岁了"),
        (OLD, "满八十岁才有吗"),
        (OLD, "是不是要80岁"),
        (OLD, "我娃今年九岁"),
        (ADOPTION, "我家娃五岁了"),
        (RESIDENCE, "要住满多久"),
        (RESIDENCE, "我社保交了三年"),
        (RESIDENCE, "我两年没住这边了"),
        (RESIDENCE, "再住两个月就半年了"),
        (OLD, "我外婆明年满八十"),
        (OLD, "是不是要本地户口"),
        ({"name": "旧的", "elements": {"conditions": ["老人年满 80 周岁。"]}}, "我妈82了"),
    ],
)
def test_nothing_is_decided_of_what_nobody_told_or_of_another(
    of: dict[str, Any], said: str
) -> None:
    assert decide(of, said, TODAY) == []


def test_a_limit_in_working_days_is_counted_back_by_the_calendar_of_working_days() -> None:
    renewal = ITEMS["SJ009"]
    late, early = (
        first(decide(renewal, f"许可证{day}到期", TODAY)).state for day in ("12月18号", "12月21号")
    )
    assert (late, early) == ("over", "holds")


def test_the_one_of_two_who_misses_decides_and_the_rest_is_said_to_be_elsewhere() -> None:
    held = first(decide(OLD, "我妈82了", TODAY))
    assert held.words == "指南写的是：老人年满 80 周岁。您妈82岁，这一条够了，别的条件在下面。"
    missed = first(decide(ADOPTION, "我二十六，我老公四十", TODAY))
    assert missed.verdict.startswith("您26岁，还差四岁；")
    assert "别的条件" not in missed.verdict


def test_the_line_asked_about_comes_first_and_may_answer_by_itself() -> None:
    guide = item("年满 18 周岁。", "每年签注一次，可以请人代办。", typed=[
        {"line": "conditions.0", "kind": "age", "min": 18},
        {"line": "conditions.1", "kind": "every", "what": "签注", "each": 1, "unit": "years"},
        {"line": "conditions.1", "kind": "proxy", "allowed": True, "needs": ["委托书"]},
    ])  # fmt: skip
    found = decide(guide, "我今年二十，签注多久一次", TODAY, "conditions.1")
    assert [one.line for one in found] == ["conditions.1", "conditions.0"]
    assert found[0].verdict == "每一年一次。可以请人代办，要带委托书。"
    assert decide(guide, "多久一次", TODAY) == []


def test_a_doubt_of_the_guide_is_told_with_the_verdict() -> None:
    guide = item("一般 60 周岁以上。", typed=[
        {"line": "conditions.0", "kind": "age", "min": 60, "unsure": True},
    ])  # fmt: skip
    assert first(decide(guide, "我六十二了", TODAY)).words.endswith("以窗口为准。")


@pytest.mark.parametrize("code", sorted(ITEMS))
def test_every_typed_line_of_the_catalogue_can_be_quoted_and_asked_about(code: str) -> None:
    entry = ITEMS[code]
    assert len(typed(entry)) == len(entry["typed"])
    for condition in entry["typed"]:
        line = condition["line"]
        assert line_text(entry, line)
        for said in ("能办不", "我妈82了，户口在外省，住了三个月，二级", "娃都一百天了"):
            for decided in decide(entry, said, TODAY, line):
                assert line_text(entry, decided.line) in decided.quote
                assert decided.verdict.endswith("。")
                assert "None" not in decided.words
                assert "{" not in decided.words
