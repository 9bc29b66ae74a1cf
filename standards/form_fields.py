"""申请表 Which fields of an item's form are asked for: some only after a certain answer.

A field's `when` names an earlier field and the answers after which it is asked
(`{"field": "deliver", "is": ["邮寄到家"]}`); chat and office judge it alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Field = Mapping[str, Any]
When = Mapping[str, Any]


def asked(fields: Iterable[Field], values: Mapping[str, Any]) -> list[Field]:
    """Return the fields that are asked for, in the form's order.

    Args:
        fields: a form's, each with `name` and perhaps `when`.
        values: the answers so far, by field name; a condition without its answer does not hold.
    """
    shown: dict[str, Field] = {}
    for spec in fields:
        when: When | None = spec.get("when")
        if when is None or (when["field"] in shown and values.get(when["field"]) in when["is"]):
            shown[str(spec["name"])] = spec
    return list(shown.values())


def contradictions(fields: Iterable[Field]) -> list[str]:
    """Return what is wrong with the conditions of a form: each names an earlier choice."""
    choices: dict[str, list[str]] = {}
    problems = []
    for spec in fields:
        when: When | None = spec.get("when")
        unknown = set(when["is"]) - set(choices.get(when["field"], ())) if when else ()
        if when and unknown:
            problems.append(f"{spec['name']} is asked when {when['field']} is {sorted(unknown)}")
        choices[str(spec["name"])] = list(spec.get("choices") or ())
    return problems
