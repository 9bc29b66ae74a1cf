"""The same question in another form is the same question: what each family may cost."""

from __future__ import annotations

import pytest
import pytest_asyncio
from metamorphic.measuring import Outcome, Question, loss, outcomes
from metamorphic.transformations import FAMILIES, transformed
from scoring import read_questions
from understand import Ear

MAY_LOSE = dict.fromkeys(FAMILIES, 3.0) | {"pinyin": 10.0}
"""Points of accuracy."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plain(ear: Ear) -> tuple[list[Question], list[Outcome]]:
    questions = read_questions("test")
    return questions, await outcomes(ear, questions, [q["text"] for q in questions])


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
async def test_another_form_costs_little(
    ear: Ear, plain: tuple[list[Question], list[Outcome]], family: str
) -> None:
    lost = await loss(ear, family, *plain)
    assert max(lost.points.values()) <= MAY_LOSE[family], (lost.points, lost.broken)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_really_changes_most_of_its_texts(family: str) -> None:
    texts = [question["text"] for question in read_questions("test")]
    changed = [text for text in texts if transformed(family, text) != text]
    assert len(changed) >= len(texts) / 4
    assert all(transformed(family, text) == transformed(family, text) for text in changed)
