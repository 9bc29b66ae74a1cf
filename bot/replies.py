"""What the door itself says to a citizen, loaded from `data/replies/bot.yml`."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml


@dataclass(frozen=True)
class Replies:
    """The texts of the door.

    Attributes:
        errors: message of each error key.
        replies: complete Reply objects by name.
        person_words: texts by which a citizen asks for a person while nobody can parse them.
    """

    errors: dict[str, str]
    replies: dict[str, dict[str, Any]]
    person_words: frozenset[str]

    @classmethod
    def load(cls, data_dir: Path) -> Self:
        """Read the texts once, at start."""
        content = yaml.safe_load((data_dir / "replies" / "bot.yml").read_text(encoding="utf-8"))
        return cls(content["errors"], content["replies"], frozenset(content["person_words"]))

    def error(self, key: str) -> str:
        """Return the sentence for an error key; every key has one (a test checks)."""
        return self.errors.get(key) or self.errors["internal"]

    def reply(self, name: str) -> dict[str, Any]:
        """Return a fresh copy of a Reply object."""
        return deepcopy(self.replies[name])
