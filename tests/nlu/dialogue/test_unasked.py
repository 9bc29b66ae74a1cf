"""What is said where nothing is waited for is read for what it asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dialogue.unasked import unasked
from dialogue.words import load_words

WORDS = load_words(Path(__file__).resolve().parents[3] / "data")


async def read(text: str, **parsed: Any) -> str:
    """Return the intent of a text that the parse takes for a question about an item."""

    async def parse(said: str) -> dict[str, Any]:
        heard = {"name": "ask_guide", "confidence": 0.6}
        return {"text": said, "intent": heard, "entities": [], **parsed}

    return str((await unasked(text, parse, WORDS))["intent"]["name"])


@pytest.mark.parametrize(
    ("text", "meant"),
    [("接着填公租房", "resume"), ("帮我继续填高龄津贴那张", "resume"), ("继续办", "resume"),
     ("我想继续办低保", "ask_guide"), ("我孩子转学回来想继续办学籍", "ask_guide"),
     ("接着填公租房申请表的时候户口本要不要也拍一下", "ask_guide")],
)  # fmt: skip
async def test_going_on_with_a_form_is_said_of_filling_it_in(text: str, meant: str) -> None:
    assert await read(text) == meant


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [("帮我查一下社保记录", "社会保险参保信息查询", "start_application"),
     ("我想打印无犯罪证明", "无犯罪记录证明打印", "start_application"),
     ("帮我查一下社保记录", "社会保险登记", "ask_guide"),
     ("我想开的那个店", "开办企业", "ask_guide"), ("查社保要带什么", "社保查询", "ask_guide")],
)  # fmt: skip
async def test_an_item_is_asked_for_by_what_its_name_says_is_done(
    text: str, name: str, meant: str
) -> None:
    items = [{"code": "X1", "name": name, "score": 0.9}]
    assert await read(text, items=items, item_outcome="confident") == meant
