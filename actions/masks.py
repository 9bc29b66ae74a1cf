"""脱敏 Shows enough of a personal value to recognise it, and no more (docs/design.md)."""

from __future__ import annotations

import re

from standards.acceptors.name_signs import COMPOUND


def mask_id(number: str) -> str:
    """Return an ID number (or what was read as one) with its middle hidden."""
    if len(number) <= 7:
        return number[:1] + "*" * (len(number) - 1)
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def mask_phone(number: str) -> str:
    """Return a phone number as 138****0000."""
    return number[:3] + "*" * max(len(number) - 7, 0) + number[-4:] if len(number) > 7 else number


def mask_name(name: str) -> str:
    """Return a name as 张* or 欧阳**."""
    shown = 2 if name.startswith(COMPOUND) and len(name) > 2 else 1
    return name[:shown] + "*" * (len(name) - shown)


def mask_value(kind: str, value: str) -> str:
    """Return a form value as a confirmation card shows it."""
    masks = {"id_number": mask_id, "phone": mask_phone, "name": mask_name}
    return masks[kind](value) if kind in masks else value


def mask_text(text: str) -> str:
    """Return free text with ID numbers and phones in it hidden, for a summary to staff."""
    text = re.sub(r"(?<!\d)\d{17}[\dXx](?!\d)", lambda found: mask_id(found.group()), text)
    return re.sub(r"(?<!\d)1[3-9]\d{9}(?!\d)", lambda found: mask_phone(found.group()), text)
