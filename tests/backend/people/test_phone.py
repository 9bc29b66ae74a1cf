"""Mobile numbers as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.people.model import is_phone, normalise_phone


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("199 0000 0001", "19900000001"),
        ("+86 199-0000-0001", "19900000001"),
        ("８６１９９０００００００１", "19900000001"),
        ("008619900000001", "19900000001"),
    ],
)
def test_a_phone_is_read_however_it_is_written(typed: str, plain: str) -> None:
    assert normalise_phone(typed) == plain
    assert is_phone(typed)


@pytest.mark.parametrize("typed", ["12900000001", "1990000000", "199000000011", "电话", ""])
def test_what_cannot_be_a_mobile_number_is_refused(typed: str) -> None:
    assert not is_phone(typed)


@given(st.text(max_size=40))
def test_no_text_whatsoever_breaks_the_check(text: str) -> None:
    assert is_phone(text) in (True, False)
