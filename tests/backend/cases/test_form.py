"""An application is checked by the office itself; the dialogue is never trusted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.cases.form import Field, check
from standards.id_number import check_character

TODAY = date(2026, 11, 23)
FIRST = "99999919900101001"
ID_NUMBER = FIRST + check_character(FIRST)
FORM = (
    Field("applicant_name", "姓名", "name"),
    Field("id_number", "身份证号", "id_number"),
    Field("phone", "手机号", "phone"),
    Field("reason", "原因", "choice", choices=("丢失", "被盗")),
    Field("born", "出生日期", "date", optional=True),
    Field("people", "人数", "number", optional=True),
    Field("address", "住址", "address", optional=True),
    Field("remark", "说明", "text", optional=True),
    Field("photo", "照片", "photo", optional=True),
)
GOOD = {
    "applicant_name": "测试甲",
    "id_number": ID_NUMBER,
    "phone": "199 0000 0001",
    "reason": "丢失",
}


def test_a_good_application_comes_back_in_one_written_form() -> None:
    checked = check(FORM, GOOD, [], TODAY)
    assert checked.problems == {}
    assert checked.values == {**GOOD, "phone": "19900000001"}


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"id_number": ""}, {"id_number": "missing"}),
        ({"applicant_name": None}, {"applicant_name": "missing"}),
        ({"bank_card": "1"}, {"bank_card": "unknown"}),
        ({"photo": "not a file"}, {"photo": "unknown"}),
        ({"id_number": ID_NUMBER[:-1]}, {"id_number": "id_short"}),
        ({"id_number": "999999900101123"}, {"id_number": "id_old"}),
        ({"phone": "12345"}, {"phone": "phone"}),
        ({"reason": "外星人"}, {"reason": "choice"}),
        ({"applicant_name": "<script>"}, {"applicant_name": "name"}),
        ({"applicant_name": "甲\0乙"}, {"applicant_name": "characters"}),
        ({"born": "2026-02-30"}, {"born": "date"}),
        ({"people": "三口"}, {"people": "number"}),
        ({"people": 3}, {}),
        ({"people": True}, {"people": "type"}),
        ({"people": ["3"]}, {"people": "type"}),
        ({"address": "某"}, {"address": "address"}),
        ({"remark": "   "}, {}),
        ({"remark": "长" * 501}, {"remark": "too_long"}),
        ({"reason": "x", "phone": "x"}, {"reason": "choice", "phone": "phone"}),
    ],
)
def test_every_wrong_field_is_named_with_its_reason(
    change: dict[str, object], problems: dict[str, str]
) -> None:
    checked = check(FORM, {**GOOD, **change}, [], TODAY)
    assert checked.problems == problems
    assert all(checked.values.values())


def test_a_photo_the_form_wants_must_come() -> None:
    form = (*FORM[:-1], Field("photo", "照片", "photo"))
    assert check(form, GOOD, [], TODAY).problems == {"photo": "missing"}
    assert check(form, GOOD, ["photo"], TODAY).problems == {}


def test_a_file_under_an_unknown_name_is_refused() -> None:
    assert check(FORM, GOOD, ["virus"], TODAY).problems == {"virus": "unknown"}
    assert check(FORM, GOOD, ["phone"], TODAY).problems == {"phone": "unknown"}


def test_a_supplement_may_leave_out_what_was_sent_before() -> None:
    checked = check(FORM, {"phone": "19900000002"}, [], TODAY, before={})
    assert checked.values == {"phone": "19900000002"}
    assert checked.problems == {}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(st.sampled_from([field.name for field in FORM]) | st.text(), anything),
    st.lists(st.text(max_size=5), max_size=3),
)
def test_nothing_that_can_be_sent_breaks_the_check(
    values: dict[str, object], photos: list[str]
) -> None:
    checked = check(FORM, values, photos, TODAY)
    assert not set(checked.values) & set(checked.problems)
    assert all(isinstance(value, str) and value for value in checked.values.values())


MAILED = Field(
    "mail_address", "收件地址", "address", when={"field": "deliver", "is": ("邮寄到家",)}
)
DELIVERED = (Field("deliver", "领证方式", "choice", ("窗口自取", "邮寄到家")), MAILED)


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"deliver": "邮寄到家"}, {"mail_address": "missing"}),
        ({"deliver": "邮寄到家", "mail_address": "青石路8号"}, {}),
        ({"deliver": "窗口自取"}, {}),
        ({"deliver": "窗口自取", "mail_address": " "}, {}),
        ({"deliver": "窗口自取", "mail_address": "青石路8号"}, {"mail_address": "not_asked"}),
    ],
)
def test_a_field_is_owed_after_its_answer_and_refused_without_it(
    values: dict[str, str], problems: dict[str, str]
) -> None:
    assert check(DELIVERED, values, [], TODAY).problems == problems


def test_a_supplement_owes_what_its_new_answer_asks_for() -> None:
    before = {"deliver": "窗口自取"}
    assert check(DELIVERED, {}, [], TODAY, before=before).problems == {}
    changed = check(DELIVERED, {"deliver": "邮寄到家"}, [], TODAY, before=before)
    assert changed.problems == {"mail_address": "missing"}
