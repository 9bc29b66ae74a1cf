"""口头词 The lexicon of the gate: short words whose meaning needs no classifier."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from dialogue.payloads import Payloads, load_payloads

# Longer texts are sentences: a word inside one of them decides nothing.
LEXICON_TEXT = 16


@dataclass(frozen=True, slots=True)
class Group:
    """One meaning and the words that say it."""

    whole: frozenset[str]
    inside: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]

    def found_in(self, text: str, forms: frozenset[str], limit: int) -> bool:
        """Tell whether `text`, or one of its forms without particles, says this."""
        if not self.whole.isdisjoint(forms):
            return True
        if len(text) > limit:
            return False
        return any(word in text for word in self.inside) or any(
            pattern.search(text) for pattern in self.patterns
        )


@dataclass(frozen=True, slots=True)
class Words:
    """The lexicon of `data/dialogue/words.yml`, and what buttons may carry."""

    groups: Mapping[str, Group]
    openers: tuple[str, ...]
    closers: tuple[str, ...]
    surnames: frozenset[str]
    # Words people use for a choice, by a word that stands in the choice as a form writes it.
    alike: Mapping[str, tuple[str, ...]]
    payloads: Payloads

    def says(self, group: str, text: str, *, limit: int = LEXICON_TEXT) -> bool:
        """Tell whether `text` says what `group` means."""
        plain = squeeze(text)
        return self.groups[group].found_in(plain, self.forms(plain), limit)

    def forms(self, text: str) -> frozenset[str]:
        """Return `text` with fewer and fewer particles, and once where it is said twice."""
        found: set[str] = set()
        waiting = [text]
        while waiting:
            form = waiting.pop()
            if not form or form in found:
                continue
            found.add(form)
            waiting += [form.removeprefix(opener) for opener in self.openers]
            waiting += [form.removesuffix(closer) for closer in self.closers]
            waiting.append(re.sub(r"^(.+?)\1+$", r"\1", form))
        return frozenset(found)


def load_words(data_dir: Path) -> Words:
    """Read the lexicon once, at start."""
    folder = data_dir / "dialogue"
    raw = yaml.safe_load((folder / "words.yml").read_text(encoding="utf-8"))
    openers, closers = tuple(raw.pop("openers")), tuple(raw.pop("closers"))
    surnames = frozenset(raw.pop("surnames"))
    groups = {name: _group(entry) for name, entry in raw.items()}
    choices = yaml.safe_load((folder / "choices.yml").read_text(encoding="utf-8"))
    alike = {str(key): tuple(words) for key, words in choices.items()}
    return Words(groups, openers, closers, surnames, alike, load_payloads(data_dir))


def _group(entry: Mapping[str, Sequence[object]]) -> Group:
    inside = [str(word) for word in entry.get("inside", ())]
    is_pattern = {word for word in inside if len(word) > 2 and word[0] == word[-1] == "/"}
    return Group(
        frozenset(squeeze(str(word)) for word in entry.get("whole", ())),
        tuple(word for word in inside if word not in is_pattern),
        tuple(re.compile(word[1:-1]) for word in inside if word in is_pattern),
    )


def squeeze(text: str) -> str:
    """Return `text` half-width, lower case and without spaces and punctuation at its ends."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = re.sub(r"\s+", "", plain)
    return re.sub(r"^[,.!~。,、;:…·\-—\"'“”‘’()]+|[,.!~。,、;:…\-—\"'“”‘’()]+$", "", plain)
