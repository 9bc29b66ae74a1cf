"""Which of the forms that were put aside is meant."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.drafts import named_index
from actions.scene import Scene

PARKED = [
    {"sheet": {"subject": "MZ008", "title": "高龄津贴申领"}},
    {"sheet": {"subject": "ZJ001", "title": "公租房申请"}},
    {"sheet": {"subject": "GA019", "title": "居住证首次申领"}},
]


def scene(text: str, **parsed: Any) -> Scene:
    """Return what an action has before it where these forms are parked."""
    message = {"text": text, "intent": {"name": "resume"}, **parsed}
    return Scene(CollectingDispatcher(),
                 Tracker("c", {"parked": PARKED}, message, [], False, None, {}, ""))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "index"),
    [("接着填高龄津贴那个", 0), ("继续填公租房", 1), ("继续填这个申请", None),
     ("接着填申领", None), ("继续填首次申领那张", None), ("继续填", None)],
)  # fmt: skip
def test_a_parked_form_is_named_by_more_than_what_any_form_is_for(
    text: str, index: int | None
) -> None:
    assert named_index(scene(text)) == index


def test_a_parked_form_is_named_by_the_item_that_is_surely_meant() -> None:
    likely = {"items": [{"code": "MZ008"}], "item_outcome": "confident"}
    assert named_index(scene("接着填老人的钱", **likely)) == 0
