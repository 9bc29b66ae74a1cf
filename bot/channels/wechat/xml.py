"""XML of callbacks and passive replies: read without entities, written without injection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.errors import BadMessageError

_DEEPEST = 6
_MOST_FIELDS = 200


def read_xml(raw: bytes | str) -> dict[str, Any]:
    """Read `<xml>…</xml>` into text fields; elements with children become dictionaries or lists.

    Raises:
        BadMessageError: it is not XML, has a document type, or is too deep or too wide.
    """
    try:
        root = fromstring(raw, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        # LookupError: an encoding nobody knows stands in the declaration.
        raise BadMessageError("callback.xml") from error
    if root.tag != "xml" or sum(1 for _ in root.iter()) > _MOST_FIELDS:
        raise BadMessageError("callback.xml")
    fields = _value(root, 0)
    return fields if isinstance(fields, dict) else {}


def _value(element: Element, depth: int) -> Any:
    """Return the text of a leaf, or the children by name; a repeated name gives a list."""
    if depth > _DEEPEST:
        raise BadMessageError("callback.xml")
    if len(element) == 0:
        return element.text or ""
    found: dict[str, Any] = {}
    for child in element:
        value = _value(child, depth + 1)
        if child.tag in found:
            known = found[child.tag]
            found[child.tag] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            found[child.tag] = value
    return found


def write_xml(fields: Mapping[str, Any]) -> str:
    """Write fields in the platform's way: numbers bare, texts in CDATA, nested ones inside."""
    return f"<xml>{_inner(fields)}</xml>"


def _inner(fields: Mapping[str, Any]) -> str:
    """Write what stands between the tags."""
    return "".join(f"<{name}>{_written(value)}</{name}>" for name, value in fields.items())


def _written(value: Any) -> str:
    """Write one value."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return _inner(value)
    if isinstance(value, list):
        return "".join(f"<item>{_written(one)}</item>" for one in value)
    safe = "".join(sign for sign in str(value) if sign in "\t\n" or sign >= " ")
    return f"<![CDATA[{safe.replace(']]>', ']]]]><![CDATA[>')}]]>"
