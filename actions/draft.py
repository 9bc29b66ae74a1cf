"""草稿 What a form has gathered so far: pure data, kept in the slots `sheet` and `draft`.

A Sheet is the form as it stands (fields and their kinds); a Draft is what the citizen has said.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from actions.masks import mask_value
from actions.shapes import whose
from actions.texts import say
from standards import form_fields, id_number

Stage = Literal[
    "filling", "consent", "which", "confirm", "cancel", "submit", "dropped", "refused", "resting"
]
Field = Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """表单 A form to fill: `fields` as the catalogue describes them.

    `confirms` is False where nothing is filed (proving who one is), so no last yes is asked.
    `limits` are the ages the item's guide asks for, each with its line (actions/held.py).
    """

    form: str
    title: str
    fields: Sequence[Field]
    subject: str = ""
    confirms: bool = True
    limits: Sequence[Mapping[str, Any]] = ()

    def to_slot(self) -> dict[str, Any]:
        """Return the sheet as plain data for its slot."""
        return dataclasses.asdict(self)

    def asked(self, values: Mapping[str, str]) -> Sheet:
        """Return the sheet with those fields only that are asked for after these answers."""
        fields = form_fields.asked(self.fields, values)
        return self if len(fields) == len(self.fields) else dataclasses.replace(self, fields=fields)

    def field(self, name: str | None) -> Field | None:
        """Return the field called `name`, if there is one."""
        return next((spec for spec in self.fields if spec["name"] == name), None)

    def of_kind(self, *kinds: str) -> list[Field]:
        """Return the fields of these kinds, in the form's order."""
        return [spec for spec in self.fields if spec["kind"] in kinds]


@dataclass(frozen=True)
class Draft:
    """草稿 What has been said: values by field, media by photo field, and where the talk stands.

    `misses` counts answers in a row that did not fit; `missed` tells that the last one did not;
    `strayed` counts the interruptions in a row since the last answer.
    `facts` holds what is known beside the form (a report's category, danger, a place's point, and
    whether the citizen agreed to the use of sensitive data).
    `understood` is a value that waits for a yes: its `field`, `value` and the `question` about it.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    media: Mapping[str, Sequence[str]] = field(default_factory=dict)
    extra: Sequence[str] = ()
    skipped: Sequence[str] = ()
    order: Sequence[str] = ()
    editing: str | None = None
    stage: Stage = "filling"
    before: Stage = "filling"
    remarks: Sequence[str] = ()
    misses: int = 0
    missed: bool = False
    strayed: int = 0
    submit_key: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    understood: Mapping[str, str] = field(default_factory=dict)

    def to_slot(self) -> dict[str, Any]:
        """Return the draft as plain data for its slot."""
        return dataclasses.asdict(self)

    def having(self, **changes: Any) -> Draft:
        """Return the draft with `changes`."""
        return dataclasses.replace(self, **changes)

    def remark(self, name: str, **values: object) -> Draft:
        """Return the draft with one more sentence to say before the next question."""
        return self.having(remarks=[*self.remarks, say(name, "", **values)])

    def knowing(self, **facts: Any) -> Draft:
        """Return the draft with `facts` beside the form."""
        return self.having(facts={**self.facts, **facts})

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing would be lost."""
        return not (self.values or self.media or self.extra)

    def has(self, spec: Field) -> bool:
        """Tell whether the field is answered or passed over."""
        name = spec["name"]
        return name in self.values or bool(self.media.get(name)) or name in self.skipped

    def current(self, sheet: Sheet) -> Field | None:
        """Return the field to ask for now: the one being corrected, or the first open one."""
        if self.editing:
            return sheet.field(self.editing)
        asked = sheet.asked(self.values).fields
        return next((spec for spec in asked if not self.has(spec)), None)

    def awaits_yes(self, sheet: Sheet) -> bool:
        """Tell whether a value of the field that is asked for waits for a yes."""
        spec = self.current(sheet)
        return bool(spec and self.understood and self.understood["field"] == spec["name"])

    def filled(self, sheet: Sheet, spec: Field, value: str) -> Draft:
        """Return the draft with a field's value; a date of birth follows from the ID number."""
        name = spec["name"]
        draft = self.having(
            values={**self.values, name: value},
            order=[*(other for other in self.order if other != name), name],
            skipped=[other for other in self.skipped if other != name],
            editing=None,
            misses=0,
            understood={},
            facts=_sure_of(self.facts, name),
        )
        return _with_birth(sheet, draft, value) if spec["kind"] == "id_number" else draft

    def attached(self, spec: Field, media_ids: Sequence[str]) -> Draft:
        """Return the draft with photos for a photo field."""
        name = spec["name"]
        kept = list(self.media.get(name, ())) if spec.get("many") else []
        stays = self.editing if spec.get("many") else None
        return self.having(
            media={**self.media, name: [*kept, *media_ids]},
            order=[*(other for other in self.order if other != name), name],
            skipped=[other for other in self.skipped if other != name],
            editing=stays,
            misses=0,
        )

    def fitting(self, sheet: Sheet) -> Draft:
        """Return the draft without answers that are no longer asked for, and say which."""
        asked = {spec["name"] for spec in sheet.asked(self.values).fields}
        dropped = [spec for spec in sheet.fields if spec["name"] not in asked and self.has(spec)]
        if not dropped:
            return self
        gone = {spec["name"] for spec in dropped}
        kept = self.having(
            values={name: value for name, value in self.values.items() if name not in gone},
            media={name: ids for name, ids in self.media.items() if name not in gone},
            order=[name for name in self.order if name not in gone],
            skipped=[name for name in self.skipped if name not in gone],
            editing=None if self.editing in gone else self.editing,
            understood={} if self.understood.get("field") in gone else self.understood,
        )
        told = [str(spec["label"]) for spec in dropped if spec["name"] not in self.skipped]
        return kept.remark("forms.not_asked", labels="、".join(told)) if told else kept

    def passed_over(self, spec: Field) -> Draft:
        """Return the draft without an answer to an optional field."""
        name = spec["name"]
        values = {key: value for key, value in self.values.items() if key != name}
        return self.having(
            values=values,
            order=[*(other for other in self.order if other != name), name],
            skipped=[*(other for other in self.skipped if other != name), name],
            editing=None,
            misses=0,
            understood={},
        )

    def told(self, spec: Field) -> str:
        """Return a field's answer as it was given, for whoever gave it to check."""
        name = spec["name"]
        if spec["kind"] == "photo":
            count = len(self.media.get(name, ()))
            return say("forms.photos", count=count) if count else say("forms.left_out")
        value = self.values.get(name)
        if value and name in self.facts.get("unsure", ()):
            return say("forms.unsure", value=value)
        return value or say("forms.left_out")

    def unsure_of(self, sheet: Sheet, spec: Field, value: str) -> Draft:
        """Return the draft with a value as it was understood, marked until somebody says more."""
        filled = self.filled(sheet, spec, value)
        return filled.knowing(unsure=[*filled.facts.get("unsure", ()), str(spec["name"])])

    def shown(self, spec: Field) -> str:
        """Return a field's answer as a remark in passing mentions it, masked."""
        value = self.values.get(spec["name"])
        return mask_value(str(spec["kind"]), value) if value else self.told(spec)


def _with_birth(sheet: Sheet, draft: Draft, number: str) -> Draft:
    """Fill the date of birth of whom the only ID number is of: nobody is asked twice."""
    births = [spec for spec in sheet.of_kind("date") if spec["label"] == "出生日期"]
    papers = sheet.of_kind("id_number")
    born = id_number.birth_date(number)
    if len(births) != 1 or len(papers) != 1 or born is None:
        return draft
    if whose(births[0]) != whose(papers[0]):
        # A mother's number does not tell when her child was born.
        return draft
    name = births[0]["name"]
    return draft.having(values={**draft.values, name: born.isoformat()}).remark(
        "forms.birth_known", label=births[0]["label"], day=born.isoformat()
    )


def _sure_of(facts: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return what is known beside the form, with no doubt left about the field `name`."""
    if name not in facts.get("unsure", ()):
        return facts
    return {**facts, "unsure": [other for other in facts["unsure"] if other != name]}


def sheet_of(slot: Mapping[str, Any]) -> Sheet:
    """Read a Sheet from its slot."""
    return Sheet(**slot)


def draft_of(slot: Mapping[str, Any] | None) -> Draft:
    """Read a Draft from its slot."""
    return Draft(**(slot or {}))
