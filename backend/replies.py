"""The office's Chinese sentences, read from `data/replies/`; none stand in code."""

from __future__ import annotations

from pathlib import Path

import yaml


class RepliesError(RuntimeError):
    """The file of replies is unusable."""


class Replies:
    """Sentences by dotted key, such as `case.not_found`."""

    def __init__(self, sentences: dict[str, str]) -> None:
        self._sentences = sentences

    def __contains__(self, key: str) -> bool:
        return key in self._sentences

    def say(self, key: str, **values: object) -> str:
        """Return the sentence of `key` with its `{placeholders}` filled.

        Raises:
            RepliesError: there is no such sentence; a test finds this before a citizen does.
        """
        if key not in self._sentences:
            raise RepliesError(f"data/replies/ has no sentence for {key}")
        return self._sentences[key].format(**values)


def load_replies(folder: Path, file: str = "office.yml") -> Replies:
    """Read one file in `folder`: sections of `key: sentence`, keys unique over the file.

    Raises:
        RepliesError: a key stands twice or has no text.
    """
    sentences: dict[str, str] = {}
    content = yaml.safe_load((folder / file).read_text(encoding="utf-8"))
    for section, entries in content.items():
        for key, sentence in entries.items():
            if key in sentences or not isinstance(sentence, str):
                raise RepliesError(f"{section}: {key} stands twice or is not text")
            sentences[key] = sentence
    return Replies(sentences)
