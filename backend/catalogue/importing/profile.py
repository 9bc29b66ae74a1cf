"""导入对照表 A mapping profile: which column of an office's list fills which element."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from backend.catalogue.importing.faults import ImportRefusedError

SCHEMA = Path("schemas") / "profile.schema.json"
FOLDER = Path("profiles")
NOTHING_ENTERED = ("-", "--", "—", "——", "/", "无", "暂无")
PLACE_IN_TEMPLATE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Source:
    """Where one value comes from, and what happens to it on the way; see the profile's schema."""

    column: str | None = None
    constant: Any = None
    template: str | None = None
    line: str | None = None
    choices: Mapping[str, Any] | None = None
    yes: frozenset[str] | None = None
    split: tuple[str, ...] = ()
    none: frozenset[str] = frozenset()
    reading: str | None = None
    each: Mapping[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """导入对照表 How an office's list is read.

    Args:
        name: what the list is, for people.
        fields: element or other field of an item → where it comes from.
        ignore: values that mean that nothing was entered.
        ignore_columns: columns left out on purpose.
        fill_down: columns whose empty cells repeat the value above.
    """

    name: str
    fields: Mapping[str, Source]
    ignore: frozenset[str]
    ignore_columns: frozenset[str]
    fill_down: frozenset[str]
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    header_row: int

    def columns(self) -> frozenset[str]:
        """Return the columns of the list that are used, without their inner parts."""
        return frozenset(
            column for source in self.fields.values() for column in _columns_of(source)
        )

    def required(self) -> frozenset[str]:
        """Return the columns without which no item can be made."""
        wanted = (self.fields["name"], self.fields["department"])
        return frozenset(column for source in wanted for column in _columns_of(source))


def find_profile(data: Path, name: str) -> Path:
    """Return the file of a profile, given as a path or as a name in `data/profiles/`; blocking.

    Raises:
        ImportRefusedError: there is none.
    """
    for path in (Path(name), data / FOLDER / f"{name}.yaml"):
        if path.is_file():
            return path
    known = "、".join(sorted(path.stem for path in (data / FOLDER).glob("*.yaml")))
    raise ImportRefusedError("profile_unknown", name=name, known=known)


def load_profile(data: Path, name: str) -> Profile:
    """Read and check a profile; blocking.

    Raises:
        ImportRefusedError: there is none, it is not YAML or it breaks its schema.
    """
    path = find_profile(data, name)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ImportRefusedError("profile_wrong", name=path.name, why=str(error)) from error
    schema = json.loads((data / SCHEMA).read_text(encoding="utf-8"))
    problems = [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in Draft202012Validator(schema).iter_errors(_textual_keys(content))
    ]
    if problems:
        raise ImportRefusedError("profile_wrong", name=path.name, why="\n".join(problems))
    return _profile(_textual_keys(content))


def spelled(value: Any) -> str:
    """Return a value as profiles write it: text stripped, true and false in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _profile(content: Mapping[str, Any]) -> Profile:
    return Profile(
        name=content["name"],
        fields={target: _source(entry) for target, entry in content["fields"].items()},
        ignore=frozenset(content.get("ignore", NOTHING_ENTERED)),
        ignore_columns=frozenset(content.get("ignore_columns", ())),
        fill_down=frozenset(content.get("fill_down", ())),
        encoding=content.get("encoding"),
        delimiter=content.get("delimiter"),
        sheet=content.get("sheet"),
        header_row=content.get("header_row", 1),
    )


def _source(entry: str | Mapping[str, Any]) -> Source:
    if isinstance(entry, str):
        return Source(column=entry)
    separators = entry.get("split", ())
    return Source(
        column=entry.get("column"),
        constant=entry.get("constant"),
        template=entry.get("template"),
        line=entry.get("line"),
        choices=entry.get("map"),
        yes=frozenset(entry["means_yes"]) if "means_yes" in entry else None,
        split=(separators,) if isinstance(separators, str) else tuple(separators),
        none=frozenset(entry.get("none", ())),
        reading=entry.get("as"),
        each={part: _source(inner) for part, inner in entry.get("each", {}).items()},
    )


def _columns_of(source: Source) -> Iterator[str]:
    if source.column is not None:
        yield source.column
    if source.template is not None:
        yield from PLACE_IN_TEMPLATE.findall(source.template)


def _textual_keys(content: Any) -> Any:
    """YAML reads the keys true, false and 1 as such; a profile means the words."""
    if isinstance(content, dict):
        return {spelled(key): _textual_keys(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_textual_keys(value) for value in content]
    return content
