"""微信里说的话: texts and labels of `data/replies/wechat.yml`, loaded once."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml


@dataclass(frozen=True)
class ChannelWords:
    """The words of the messaging-app channels.

    Attributes:
        labels: words around what the bot says (link titles, numbering).
        replies: complete Reply objects by name, for what the platform cannot show us.
    """

    labels: dict[str, str]
    replies: dict[str, dict[str, Any]]

    @classmethod
    def load(cls, data_dir: Path) -> Self:
        """Read the words at start."""
        content = yaml.safe_load((data_dir / "replies" / "wechat.yml").read_text(encoding="utf-8"))
        return cls(content["labels"], content["replies"])

    def reply(self, name: str) -> dict[str, Any]:
        """Return a fresh copy of a Reply object."""
        return deepcopy(self.replies[name])
