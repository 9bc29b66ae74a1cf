"""What the citizens of the turns contest say."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from tests.bench.rooms import QUESTIONS

GREETINGS = ("您好", "你好", "早上好", "下午好", "在吗", "hello")
OPENING = "我想问一下，"
REPORT = (
    "{street}的路灯坏了，晚上黑漆漆的",
    "幸福路{number}号门口",
    "没有照片",
    "19900000001",
    "对，提交吧",
)
"""The form of five turns: what, where, a photo, a phone, yes."""
DONE = "单号"
AGAIN = "提交"


def questions() -> list[str]:
    """Return more than 500 distinct questions: each as it is, then with a spoken opening."""
    asked: list[str] = []
    for split in ("dev", "test"):
        lines = QUESTIONS.with_name(f"{split}.jsonl").read_text(encoding="utf-8").splitlines()
        asked += [
            entry["text"] for entry in map(json.loads, lines) if entry["intent"] == "ask_guide"
        ]
    return list(dict.fromkeys([*asked, *(OPENING + text for text in asked)]))


class Zipf:
    """Draws questions as people ask them: the r-th most common one 1/r as often as the first."""

    def __init__(self, texts: list[str], seed: int) -> None:
        self._texts = texts.copy()
        random.Random(2026).shuffle(self._texts)
        self._weights = [1 / rank for rank in range(1, len(texts) + 1)]
        self._chance = random.Random(seed)

    def __iter__(self) -> Iterator[str]:
        while True:
            yield from self._chance.choices(self._texts, self._weights, k=64)


def report(number: int) -> tuple[str, ...]:
    """Return the five messages of one report."""
    streets = ("清溪路", "人民路", "幸福路", "解放街", "光明巷")
    street = streets[number % len(streets)]
    return tuple(words.format(street=street, number=number) for words in REPORT)
