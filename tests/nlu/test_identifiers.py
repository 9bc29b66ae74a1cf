"""Identifiers read by rule: GB 11643 resident ID numbers, mobile numbers, case numbers."""

from __future__ import annotations

import pytest
from components.identifiers import find_identifiers

from standards.id_number import check_character

# Every number below names region 999999 or 000000, which do not exist.


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.value) for one in find_identifiers(text)]


def with_check_digit(first17: str) -> str:
    return first17 + check_character(first17)


@pytest.mark.parametrize("gap", ["", " ", "-", "　"])
def test_an_id_number_is_read_over_spaces_hyphens_and_full_width(gap: str) -> None:
    value = with_check_digit("99999919900101001")
    typed = gap.join([value[:6], value[6:14], value[14:]])
    assert found(f"我的身份证{typed}，谢谢") == [("id_number", value)]
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in value)
    assert found(wide) == [("id_number", value)]


def test_a_lower_case_x_is_the_same_check_digit() -> None:
    value = next(
        number
        for number in (with_check_digit(f"00000019900101{n:03}") for n in range(1, 30))
        if number.endswith("X")
    )
    assert found(f"身份证号{value.lower()}") == [("id_number", value)]


def test_an_id_number_one_digit_short_is_found_too() -> None:
    assert found("身份证号是99999919900101001") == [("id_number", "99999919900101001")]


def test_a_bank_card_is_not_an_id_number() -> None:
    assert found("卡号6222020000000000000") == []


@pytest.mark.parametrize(
    "typed",
    ["19900000001", "199 0000 0001", "199-0000-0001", "+8619900000001", "１９９０００００００１"],
)
def test_a_mobile_number_is_read_however_it_is_grouped(typed: str) -> None:
    assert found(f"电话{typed}找我") == [("phone", "19900000001")]


@pytest.mark.parametrize("typed", ["12900000001", "1990000000", "199000000012"])
def test_what_is_no_mobile_number_is_not_taken_for_one(typed: str) -> None:
    assert found(typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        "BJ2026112200012",
        "bj2026112200012",
        "BJ-20261122-00012",
        "BJ 2026 1122 00012",
        "ＢＪ２０２６１１２２０００１２",
        "b j 20261122 00012",
    ],
)
def test_a_case_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert found(f"帮我查{typed}") == [("case_number", "BJ2026112200012")]


def test_a_report_number_is_a_case_number_too() -> None:
    assert found("GD2026112200003办好没") == [("case_number", "GD2026112200003")]


def test_positions_are_those_of_the_citizens_own_words() -> None:
    text = "查ＢＪ２０２６１１２２０００１２，电话199 0000 0001"
    for one in find_identifiers(text):
        assert text[one.start : one.end].strip() == text[one.start : one.end]
    assert [text[o.start : o.end] for o in find_identifiers(text)] == [
        "ＢＪ２０２６１１２２０００１２",
        "199 0000 0001",
    ]


def test_several_numbers_in_one_message_are_all_found() -> None:
    id_number = with_check_digit("99999919900101001")
    assert found(f"{id_number} 19900000001 BJ2026112200012") == [
        ("id_number", id_number),
        ("phone", "19900000001"),
        ("case_number", "BJ2026112200012"),
    ]


def test_a_hundred_thousand_digits_are_no_identifier() -> None:
    assert found("1" * 100_000) == []
