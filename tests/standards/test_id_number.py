"""GB 11643: weights, check character, a real date of birth (STANDARDS, Codes)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.id_number import (
    CHECK_CHARACTERS,
    IdProblem,
    check_character,
    problem_of,
    squeeze,
)

TODAY = date(2026, 11, 23)
births = st.dates(date(1900, 1, 1), TODAY)
orders = st.integers(0, 999)


def number(born: date, order: int, region: str = "999999") -> str:
    first = f"{region}{born:%Y%m%d}{order:03d}"
    return first + check_character(first)


@given(born=births, order=orders)
def test_every_number_with_a_right_check_character_is_accepted(born: date, order: int) -> None:
    assert problem_of(number(born, order), TODAY) is None


@given(born=births, order=orders)
def test_the_check_character_agrees_with_iso_7064_mod_11_2(born: date, order: int) -> None:
    digits = number(born, order)
    values = [10 if digit == "X" else int(digit) for digit in digits]
    total = sum(value * pow(2, 17 - place, 11) for place, value in enumerate(values))
    assert total % 11 == 1


@given(born=births, order=orders, place=st.integers(0, 16), shift=st.integers(1, 9))
def test_one_wrong_digit_is_always_found(born: date, order: int, place: int, shift: int) -> None:
    digits = number(born, order)
    wrong = str((int(digits[place]) + shift) % 10)
    assert problem_of(digits[:place] + wrong + digits[place + 1 :], TODAY) is not None


@given(born=births, order=orders)
def test_exactly_one_of_eleven_check_characters_is_right(born: date, order: int) -> None:
    first = number(born, order)[:17]
    right = [last for last in CHECK_CHARACTERS if problem_of(first + last, TODAY) is None]
    assert right == [check_character(first)]


def with_check(first: str) -> str:
    return first + check_character(first)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("999999900101123", IdProblem.OLD),
        ("99999919900101", IdProblem.SHORT),
        ("9999991990010112345", IdProblem.LONG),
        ("", IdProblem.MISSING),
        ("99999919900101X234", IdProblem.LETTER),
        ("９９９９９９十九九〇〇一〇一一二三四", IdProblem.LETTER),
        (with_check("99999919900230123"), IdProblem.BIRTH),
        (with_check("99999920270101123"), IdProblem.BIRTH),
        (with_check("99999918000101123"), IdProblem.BIRTH),
    ],
)
def test_what_is_wrong_is_said_apart_so_that_the_answer_can_be_kind(
    typed: str, problem: IdProblem
) -> None:
    assert problem_of(squeeze(typed), TODAY) is problem


def test_spaces_full_width_digits_and_a_small_x_are_the_same_number() -> None:
    first = next(
        f"999999{born}{order:03d}"
        for born in ("19900101",)
        for order in range(1000)
        if check_character(f"999999{born}{order:03d}") == "X"
    )
    typed = f" {first[:6]} {first[6:14]}-{first[14:]}ｘ "
    assert squeeze(typed) == first + "X"
    assert problem_of(squeeze(typed), TODAY) is None


@given(st.text(max_size=40))
def test_no_text_whatsoever_breaks_the_check(text: str) -> None:
    problem_of(squeeze(text), TODAY)
