"""Understand a file of questions without any server.

    cd nlu && .venv/bin/python -m understand IN OUT [--model PATH]

Reads one JSON object a line, `{"text": …}`, and writes one a line in the same order; a line that
cannot be read comes back with `error` instead of an understanding.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import structlog
from components.embedding import shared_embedder
from components.fallback import FALLBACK
from components.normalisation import Dictionaries, Normaliser
from components.project_files import dictionary_folder

DEFAULT_MODEL = Path(__file__).resolve().parent / "models" / "current.tar.gz"
AHEAD = 512
"""Lines embedded together."""


class Ear:
    """A loaded model that understands texts one by one or many at once."""

    def __init__(self, agent: Any) -> None:
        """Take a ready agent."""
        self._agent = agent
        self._normalise = Normaliser(Dictionaries.read(dictionary_folder()))

    @classmethod
    def load(cls, model: Path) -> Ear:
        """Load a trained model; a missing one is an error, not another model."""
        if not model.is_file():
            raise FileNotFoundError(f"no trained model at {model}; run `make train` first")
        from rasa.core.agent import Agent  # after main() has asked TensorFlow to be quiet

        with warnings.catch_warnings():
            # Every loaded domain is greeted with a note on how Rasa 2 filled slots.
            warnings.simplefilter("ignore")
            return cls(Agent.load(str(model)))

    async def parse(self, text: str, at: str | None = None) -> dict[str, Any]:
        """Give everything the pipeline says about one text, said `at` a time (ISO; now)."""
        # A leading slash is Rasa's notation for buttons; a citizen's slash is only a slash.
        from rasa.core.channels.channel import UserMessage

        plain = text.lstrip()
        spoken = "／" + plain[1:] if plain.startswith("/") else text
        parse: dict[str, Any] = await self._agent.processor.parse_message(
            UserMessage(spoken, metadata={"at": at} if at else None)
        )
        return parse

    async def understand(self, text: str) -> dict[str, Any]:
        """Understand one text, as the contract writes it."""
        return understanding(text, await self.parse(text))

    async def parse_all(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Parse many texts, embedding them together."""
        shared_embedder()([self._normalise(text) for text in texts])
        return [await self.parse(text) for text in texts]

    async def understand_all(self, texts: Iterable[str]) -> list[dict[str, Any]]:
        """Understand many texts, embedding them together."""
        wanted = list(texts)
        parses = await self.parse_all(wanted)
        return [understanding(text, parse) for text, parse in zip(wanted, parses, strict=True)]


def understanding(text: str, parse: dict[str, Any]) -> dict[str, Any]:
    """Write the contract's object from a parse; the intent is always one of the 22."""
    intent = parse["intent"]
    if intent["name"] == FALLBACK:
        intent = parse["intent_ranking"][0]
    return {
        "text": text,
        "intent": intent["name"],
        "confidence": intent["confidence"],
        # The nearest are named even where none is plausible: their scores say so.
        "items": parse["items"],
        "element": parse.get("element"),
        "category": parse["category"],
        "entities": _entities(parse["entities"]),
    }


def _entities(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Group entities: one value as it is, several as a list."""
    grouped: dict[str, list[str]] = {}
    for entity in found:
        values = grouped.setdefault(entity["entity"], [])
        if entity["value"] not in values:
            values.append(entity["value"])
    return {kind: values[0] if len(values) == 1 else values for kind, values in grouped.items()}


def read_line(line: bytes) -> str | dict[str, Any]:
    """Read the text of one line, or say what is wrong with it."""
    shown = line.decode("utf-8", errors="replace").strip()
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return {"text": shown, "error": "not a JSON line"}
    text = entry.get("text") if isinstance(entry, dict) else None
    if not isinstance(text, str):
        return {"text": shown, "error": "no text field of type string"}
    # A lone surrogate can be written in JSON but not in UTF-8.
    return text.encode("utf-8", errors="replace").decode("utf-8")


def _groups(lines: Iterable[bytes]) -> Iterator[list[str | dict[str, Any]]]:
    """Read lines in groups small enough to keep in memory; blank lines are no questions."""
    group: list[str | dict[str, Any]] = []
    for line in lines:
        if line.strip():
            group.append(read_line(line))
        if len(group) == AHEAD:
            yield group
            group = []
    if group:
        yield group


async def understand_lines(ear: Ear, lines: Iterable[bytes], out: TextIO) -> int:
    """Answer every line in order; give how many were written."""
    written = 0
    for group in _groups(lines):
        answers = iter(await ear.understand_all(one for one in group if isinstance(one, str)))
        for one in group:
            answer = next(answers) if isinstance(one, str) else one
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
            written += 1
    return written


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="understand", description="Understand questions.")
    parser.add_argument("questions", type=Path, help='JSON lines with a "text"')
    parser.add_argument("answers", type=Path, help="where to write the understanding")
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    options = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    warnings.simplefilter("ignore")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        ear = Ear.load(options.model)
        with (
            options.questions.open("rb") as lines,
            options.answers.open("w", encoding="utf-8") as out,
        ):
            written = asyncio.run(understand_lines(ear, lines, out))
    except OSError as error:
        print(f"understand: {error}", file=sys.stderr)
        return 2
    print(f"understood {written} lines → {options.answers}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
