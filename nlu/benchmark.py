"""Train the project's text classifier on any labelled text and measure it on other text.

    cd nlu && .venv/bin/python -m benchmark TRAIN TEST

Both files hold one JSON object a line, `{"text": …, "label": …}`. The last and only line on stdout
is `{"accuracy", "macro_f1", "train_s", "p50_ms", "p99_ms", "n_train", "n_test"}`: seconds of the
whole training with sentence vectors, milliseconds of one text that was never seen.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from components.embedding import Embedder, Vectors
from components.margin_classifier import MarginClassifier
from components.normalisation import RAW_LIMIT, Dictionaries, Normaliser
from components.project_files import dictionary_folder
from sklearn.metrics import f1_score

CHUNK = 200
"""Characters normalised at a time, so that a story is read to its end."""

WIDEST, NARROWEST = 64, 32
"""Characters of a long text that become its sentence vector; the n-grams read the first 4,000."""

AFFORDABLE = 200_000
"""Characters embedded in a training: about two minutes on two cores."""

TIMED = 300
"""Texts measured one by one."""


@dataclass(frozen=True)
class Labelled:
    """Texts with the label each belongs to."""

    texts: list[str]
    labels: list[str]


class FaultyLineError(ValueError):
    """A line is no `{"text", "label"}` object."""


def read_labelled(path: Path) -> Labelled:
    """Read JSON lines; blank lines and a byte order mark are no content."""
    texts, labels = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            text, label = entry["text"], entry["label"]
        except (ValueError, KeyError, TypeError) as error:
            raise FaultyLineError(f"{path}:{number}: not a text with a label") from error
        # A lone surrogate can be written in JSON but not in UTF-8.
        texts.append(str(text).encode("utf-8", errors="replace").decode("utf-8"))
        labels.append(str(label))
    if not texts:
        raise FaultyLineError(f"{path}: no labelled text")
    return Labelled(texts, labels)


class LongTextClassifier:
    """The classifier for texts of any length: all their n-grams, the gist of their ends."""

    def __init__(self) -> None:
        """Load the normaliser and an embedder without memories of other texts."""
        self._normalise = Normaliser(Dictionaries.read(dictionary_folder()))
        self._embed = Embedder()
        self._window = WIDEST
        self._model = MarginClassifier()

    def fit(self, examples: Labelled) -> None:
        """Learn; the classifier chooses its settings on training text it leaves out."""
        texts = [self._plain(text) for text in examples.texts]
        share = AFFORDABLE // max(1, sum(len(text) > NARROWEST for text in texts))
        self._window = min(WIDEST, max(NARROWEST, share))
        self._model.fit(texts, self._vectors(texts), examples.labels)

    def label(self, text: str) -> str:
        """Label one text."""
        return self.label_all([text])[0]

    def label_all(self, texts: Sequence[str]) -> list[str]:
        """Label many texts, embedding them together."""
        plain = [self._plain(text) for text in texts]
        return self._model.label(plain, self._vectors(plain))

    def _plain(self, text: str) -> str:
        """Normalise a text of any length, piece by piece."""
        read = text[:RAW_LIMIT]
        return "".join(
            self._normalise(read[start : start + CHUNK]) for start in range(0, len(read), CHUNK)
        )

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        """Embed the beginning and the end of each text."""
        head = self._window * 3 // 5
        tail = self._window - head
        return self._embed(
            [text if len(text) <= self._window else text[:head] + text[-tail:] for text in texts]
        )


def judged(wanted: Sequence[str], found: Sequence[str]) -> tuple[float, float]:
    """Give (accuracy, macro-F1 over the labels that the test text carries)."""
    accuracy = sum(a == b for a, b in zip(wanted, found, strict=True)) / len(wanted)
    known = sorted(set(wanted))
    return accuracy, float(f1_score(wanted, found, labels=known, average="macro", zero_division=0))


def measured(train: Labelled, test: Labelled) -> dict[str, float]:
    """Train, label the test text, and give the contract's object."""
    model = LongTextClassifier()
    begun = time.perf_counter()
    model.fit(train)
    seconds = time.perf_counter() - begun
    # The timed texts come first: afterwards their vectors would be known.
    timed = list(dict.fromkeys(test.texts))[:TIMED]
    took = []
    for text in timed:
        begun = time.perf_counter()
        model.label(text)
        took.append((time.perf_counter() - begun) * 1000)
    accuracy, macro_f1 = judged(test.labels, model.label_all(test.texts))
    return {
        "accuracy": round(accuracy, 4),
        "macro_f1": round(macro_f1, 4),
        "train_s": round(seconds, 1),
        "p50_ms": round(float(np.percentile(took, 50)), 1),
        "p99_ms": round(float(np.percentile(took, 99)), 1),
        "n_train": len(train.texts),
        "n_test": len(test.texts),
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="benchmark", description="Measure the classifier.")
    parser.add_argument("train", type=Path, help='JSON lines with "text" and "label"')
    parser.add_argument("test", type=Path, help="the same, to be labelled")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    try:
        print(json.dumps(measured(read_labelled(options.train), read_labelled(options.test))))
    except (OSError, UnicodeDecodeError, FaultyLineError) as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
