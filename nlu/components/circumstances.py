"""情形 A yes or no about circumstances: "外地户口行不行" names no item, "低保没有房子行吗" one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Circumstances:
    """Takes a question about circumstances apart and gives what else it says."""

    whether: re.Pattern[str]
    told: re.Pattern[str]
    besides: re.Pattern[str]
    names: dict[str, str] = field(default_factory=dict)
    """What one item alone is called, in normal form, with its code."""

    @classmethod
    def trained(
        cls, words: dict[str, Any], named: Iterable[tuple[str, Sequence[str]]]
    ) -> Circumstances:
        """Take circumstances.yml and (item code, its name and aliases in normal form)."""
        owners: dict[str, set[str]] = defaultdict(set)
        for code, phrases in named:
            for phrase in phrases:
                owners[phrase].add(code)
        return cls(
            whether=re.compile("|".join(words["whether"])),
            told=re.compile("|".join(words["told"])),
            besides=re.compile(words["besides"]),
            names={phrase: min(codes) for phrase, codes in owners.items() if len(codes) == 1},
        )

    def __call__(self, text: str) -> str | None:
        """Give the code of the item named beside the circumstances, "" if none is named at all.

        None: the text is no such question, or says more than that.
        """
        if not (self.whether.search(text) and self.told.search(text)):
            return None
        rest = self.told.sub(" ", self.whether.sub(" ", text)).strip()
        left = self.besides.sub("", rest)
        return self.names.get(rest) or self.names.get(left) or (None if left else "")
