"""Which line of a guide answers, on items of which nothing was learnt."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from components.embedding import shared_embedder
from components.line_listener import kept_out, pairs, read_guides
from components.line_ranker import Asked
from components.normalisation import Dictionaries, Normaliser
from components.project_files import data_folder, dictionary_folder
from reading.lines import LineReader
from reading.models import load_lines
from reading.near import Near
from understand import Ear

# A little below what was measured; docs/benchmarks.md has the figures.
FIRST, AMONG_THREE, SILENT = 0.70, 0.90, 0.75


@pytest.fixture(scope="module")
def reader(model: Path) -> LineReader:
    normaliser = Normaliser(Dictionaries.read(dictionary_folder()))
    return LineReader(load_lines(model), shared_embedder(), normaliser, ThreadPoolExecutor(1))


@pytest.fixture(scope="module")
def found(reader: LineReader, ear: Ear) -> list[tuple[Asked, Near]]:
    """Every question about an item that was kept out, with what is near it, as the clerk asks."""
    guides = read_guides(data_folder())
    out = kept_out(guides)
    asked = [one for one in pairs(data_folder(), guides) if one.item in out]

    async def look() -> list[Near]:
        parses = await ear.parse_all([one.text for one in asked])
        return [
            await reader.near_lines(
                one.text, guides[one.item].names, one.lines, parse.get("element")
            )
            for one, parse in zip(asked, parses, strict=True)
        ]

    return list(zip(asked, asyncio.run(look()), strict=True))


def _places(one: Asked, near: Near, most: int) -> bool:
    best = [line.key for line, _ in near.lines[:most]]
    return bool({one.lines[place].key for place in one.answers} & set(best))


def test_the_line_that_answers_is_found_in_guides_nothing_was_learnt_of(found) -> None:
    told = [(one, near) for one, near in found if one.answers]
    assert len(told) > 400
    first = sum(_places(one, near, 1) for one, near in told) / len(told)
    among_three = sum(_places(one, near, 3) for one, near in told) / len(told)
    print(f"{len(told)} questions: first {first:.3f}, among three {among_three:.3f}")
    assert first >= FIRST
    assert among_three >= AMONG_THREE


def test_a_guide_that_does_not_say_is_likelier_to_be_silent(found) -> None:
    """Of a pair, one told and one not, the one that is told looks likelier to be told."""
    told = [near.told for one, near in found if one.answers]
    silent = [near.told for one, near in found if not one.answers]
    ordered = sum(high > low for high in told for low in silent)
    share = ordered / (len(told) * len(silent))
    print(f"{len(told)} told, {len(silent)} silent: {share:.3f} of the pairs in order")
    assert share >= SILENT


async def test_a_line_that_was_edited_is_found_by_its_new_words(reader: LineReader) -> None:
    item = {
        "code": "ZZ001",
        "name": "荧光风筝放飞登记",
        "elements": {
            "conditions": ["风筝不超过三米宽。", "放飞的人年满十八岁。"],
            "fee": {"amount": 0, "text": "登记不收费。"},
        },
    }
    assert (await reader.near("我今年才十七，能登记不", item)).best.key == "conditions.1"
    item["elements"]["conditions"] = ["放飞的人有风筝协会的会员证。", "放飞的人年满十八岁。"]
    assert (await reader.near("没有会员证行吗", item)).best.key == "conditions.0"


async def test_a_guide_without_lines_has_none_near(reader: LineReader) -> None:
    near = await reader.near("要多少钱", {"code": "ZZ002", "name": "空白", "elements": {}})
    assert near.best is None
    assert near.told == 0
