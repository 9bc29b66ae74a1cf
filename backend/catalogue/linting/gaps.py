"""缺漏 Missing elements, items nobody wrote out, and links that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.catalogue.linting.findings import Finding, Written
from backend.catalogue.model import ELEMENTS, Listed

_CODE = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2,4})([0-9]{3})(?![A-Za-z0-9])")


def missing(items: Sequence[Written], listed: Sequence[Listed]) -> Iterator[Finding]:
    """Return items nobody wrote out, and elements nobody is sure of."""
    written = {item.code for item in items}
    for line in listed:
        if line.code not in written:
            yield Finding("not_written", False, (line.code,), {"name": line.name})
    for item in items:
        silent = [name for name in ELEMENTS if item.entry["elements"][name] is None]
        if silent:
            values = {"name": item.name, "elements": "、".join(silent)}
            yield Finding("elements_missing", False, (item.code,), values)


def dead_links(items: Sequence[Written], listed: Sequence[Listed]) -> Iterator[Finding]:
    """Return references to items that do not exist, and to materials the item does not have."""
    codes = {line.code for line in listed}
    prefixes = {code[:-3] for code in codes}
    for item in items:
        for text in _texts(item.entry):
            for prefix, number in _CODE.findall(text):
                if prefix in prefixes and prefix + number not in codes:
                    values = {"code": prefix + number, "text": text[:40]}
                    yield Finding("dead_link", True, (item.code,), values)
        yield from _dead_materials(item)


def _dead_materials(item: Written) -> Iterator[Finding]:
    """情形 A situation names its materials by the names they have in the item."""
    named = {material["name"] for material in item.entry["elements"]["materials"] or ()}
    for situation in item.entry.get("situations") or ():
        for material in situation.get("materials") or ():
            if material not in named:
                values = {"situation": situation["name"], "material": material}
                yield Finding("dead_material", False, (item.code,), values)


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for value in content.values():
            yield from _texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value)
