"""The counter of words and regular expressions that `make words` prints and `make lint` holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from house_words import counted, risen

WORDS = """
# 注释 is no string.
人工: {whole: [人工, 客服, human], inside: ['/找(个|位)?人/']}
examples: [学来的, 不算的]
asks: 吗|么
open: '^.*$'
"""
PLACES = """
kinds: [大道, 公园]
not_before: [灯, 口]
"""
CODE = '''
"""模块 A (docstring) is no expression."""

import re

_LONG = re.compile("一" rf"{_PART}(二|三)")
_PART = "四|五"
_PLAIN = ("六", "七")
_LATIN = re.compile(r"[a-z]+")
_TWO = re.compile("八" + _PART + "九")


def told(text: str) -> bool:
    """Tell (十|百)."""
    return bool(re.search("千", text)) or field(description="微信 (or another)")
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in {
        "data/dialogue/words.yml": WORDS,
        "data/dictionaries/places.yml": PLACES,
        "data/dictionaries/report_phrases.yml": "污水: [污水横流]",
        "data/elsewhere.yml": "税务: [税务局]",
        "actions/told.py": CODE,
        "actions/tests/test_told.py": '_SAID = re.compile("一|二")',
        "nlu/.venv/lib.py": '_SAID = re.compile("一|二")',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def test_words_are_the_strings_with_chinese_that_are_neither_learnt_nor_places(
    folder: Path,
) -> None:
    # 人工 twice, as key and word, 客服, the expression, the question's signs; 灯, 口.
    assert counted(folder)["words"] == 7


def test_a_word_with_signs_of_an_expression_is_one(folder: Path) -> None:
    assert counted(folder)["regexes_data"] == 2


def test_an_expression_in_code_counts_once_and_so_does_a_part_that_stands_alone(
    folder: Path,
) -> None:
    # _LONG, _PART, _TWO (put together, and no less one) and the call inside the function.
    assert counted(folder)["regexes_code"] == 4


def test_only_what_rose_is_a_fault() -> None:
    bar = {"words": 7, "regexes_code": 4}
    assert risen({"words": 6, "regexes_code": 4}, bar) == []
    assert [fault.split(":")[0] for fault in risen({"words": 6, "regexes_code": 5}, bar)] == [
        "regexes_code"
    ]
