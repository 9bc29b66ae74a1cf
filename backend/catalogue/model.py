"""事项 Service items: how the list and the departments' files become one catalogue, purely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from standards.form_fields import contradictions as contradictions_of
from standards.guide_lines import line_at

ELEMENTS = ("basis", "conditions", "materials", "forms", "procedure", "time", "place", "fee")
# What the list of items and a department's file must say alike.
_SHARED = ("name", "department", "mode", "promised_working_days")

Item = dict[str, Any]


class CatalogueError(RuntimeError):
    """The catalogue's files contradict each other or their schema; the message lists where."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Keep every problem, so that an editor mends all of them at once."""
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Listed:
    """事项目录 One line of the list of items, which names all that exist."""

    code: str
    name: str
    department: str
    mode: str
    promised_working_days: int


def combine(listed: Iterable[Listed], files: Mapping[str, Mapping[str, Any]]) -> tuple[Item, ...]:
    """Return every listed item, with its eight elements where they are written.

    Args:
        listed: the items that exist.
        files: the content of the departments' files, by file name, valid by the schema.

    Raises:
        CatalogueError: an item is unlisted, stands twice or contradicts the list.
    """
    known = {line.code: line for line in listed}
    problems = list(contradictions(known, files))
    if problems:
        raise CatalogueError(problems)
    departments = {str(content["department"]): content for content in files.values()}
    written = {entry["code"]: entry for content in files.values() for entry in content["items"]}
    return tuple(
        _item(line, departments.get(line.department, {}), written.get(line.code, {}))
        for line in known.values()
    )


def contradictions(
    known: Mapping[str, Listed], files: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """Return where the files, valid by the schema, contradict the list or themselves."""
    seen: set[str] = set()
    for file_name, content in files.items():
        for entry in content["items"]:
            where = f"{file_name}: {entry['code']}"
            if entry["code"] in seen:
                yield f"{where} stands twice"
            seen.add(entry["code"])
            if entry["code"] not in known:
                yield f"{where} is not in the list of items"
                continue
            line = known[entry["code"]]
            said = {**entry, "department": content["department"]}
            yield from (
                f"{where}: {key} is {said[key]!r}, the list says {getattr(line, key)!r}"
                for key in _SHARED
                if said[key] != getattr(line, key)
            )
            yield from _silences(where, entry)


def _silences(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """An element nobody is sure of is left out openly, never silently."""
    for element in ELEMENTS:
        if entry["elements"][element] is None and element not in entry.get("unsure", []):
            yield f"{where}: {element} is null and not in unsure"
    for condition in entry.get("typed") or ():
        if line_at(entry, condition["line"]) is None:
            yield f"{where}: a typed condition stands on {condition['line']}, which is not there"
    fields = (entry.get("application") or {}).get("fields", [])
    names = [field["name"] for field in fields]
    if len(names) != len(set(names)):
        yield f"{where}: two fields of the application have one name"
    for problem in contradictions_of(fields):
        yield f"{where}: {problem}"


def _item(line: Listed, department: Mapping[str, Any], entry: Mapping[str, Any]) -> Item:
    elements = dict(entry.get("elements") or dict.fromkeys(ELEMENTS))
    if elements["place"] is not None:
        elements["place"] = {
            **elements["place"],
            "address": elements["place"].get("address") or department.get("place"),
            "hours": elements["place"].get("hours") or department.get("hours"),
        }
    complete = all(elements[element] is not None for element in ELEMENTS)
    return {
        "code": line.code,
        "name": line.name,
        "department": line.department,
        "department_phone": department.get("phone"),
        "mode": line.mode,
        "promised_working_days": line.promised_working_days,
        "statutory_working_days": entry.get("statutory_working_days"),
        "instant": entry.get("instant", line.promised_working_days == 0),
        "status": "complete" if complete else "partial",
        "summary": entry.get("summary"),
        "aliases": list(entry.get("aliases", [])),
        "questions": list(entry.get("questions", [])),
        "audience": list(entry.get("audience", [])),
        "life_events": list(entry.get("life_events", [])),
        "elements": elements,
        "unsure": list(entry.get("unsure", [])) if entry else list(ELEMENTS),
        "typed": list(entry.get("typed") or []),
        "situations": list(entry.get("situations") or []),
        "application": entry.get("application"),
    }


def matches(item: Mapping[str, Any], query: str) -> bool:
    """Tell whether an item's name, code or one of its aliases contains `query`."""
    wanted = query.casefold()
    return any(wanted in text.casefold() for text in (item["code"], item["name"], *item["aliases"]))
