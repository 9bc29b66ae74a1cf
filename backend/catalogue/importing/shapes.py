"""要素格式 Holds structures that come from outside to the shapes of the catalogue's schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from backend.catalogue.files import SCHEMA
from backend.catalogue.model import ELEMENTS

_OTHERS = (
    "aliases", "questions", "audience", "life_events", "unsure", "typed", "situations",
    "application",
)  # fmt: skip


class Shapes:
    """One checker a field, made once an import."""

    def __init__(self, data: Path) -> None:
        """Read the schema in `data`; blocking."""
        schema = json.loads((data / SCHEMA).read_text(encoding="utf-8"))
        definitions = schema["$defs"]
        parts = {name: definitions["elements"]["properties"][name] for name in ELEMENTS}
        parts |= {name: definitions["item"]["properties"][name] for name in _OTHERS}
        # An office's list need not have as many aliases and questions as our own files.
        parts |= dict.fromkeys(("aliases", "questions"), definitions["texts"])
        self._checkers = {
            name: Draft202012Validator({"$defs": definitions, **part})
            for name, part in parts.items()
        }

    def wrong(self, target: str, content: Any) -> str | None:
        """Return what breaks the shape of a field, or None."""
        error = next(self._checkers[target].iter_errors(content), None)
        if error is None:
            return None
        return f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
