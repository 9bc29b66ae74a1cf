"""存疑 What looks wrong in an item, though it can be kept: for a person to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

LONG_NAME = 40
LONG_CONDITIONS = 500
# Four of these words in the conditions tell a procedure.
STEPS = ("受理", "审查", "审核", "决定", "办结", "送达", "领取", "收件", "公示", "颁证", "提交材料")
MANY_STEPS = 4
# Two articles quoted: this is the basis, not what a citizen must fulfil.
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇\d]{1,6}条")


def doubts(item: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Return field, problem and the words it is about, for each doubt about an item."""
    if len(item["name"]) > LONG_NAME:
        yield "name", "name_long", item["name"]
    conditions = "\n".join(item["elements"]["conditions"] or ())
    if len(conditions) > LONG_CONDITIONS:
        yield "conditions", "conditions_long", f"{len(conditions)}: {conditions}"
    if sum(word in conditions for word in STEPS) >= MANY_STEPS:
        yield "conditions", "conditions_procedure", conditions
    if len(_ARTICLE.findall(conditions)) > 1:
        yield "conditions", "conditions_law", conditions
    promised, statutory = item["promised_working_days"], item["statutory_working_days"]
    if promised is not None and statutory is not None and promised > statutory:
        yield "promised_working_days", "promise_beyond_law", f"{promised} > {statutory}"
