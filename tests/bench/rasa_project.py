"""Train a Rasa project, or parse questions with it; one process each, so that memory is its own.

    python -m bench.rasa_project train PROJECT
    python -m bench.rasa_project parse PROJECT QUESTIONS

Runs in the ear's environment and prints one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import structlog

MODEL = "model.tar.gz"


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def train(project: Path) -> dict[str, Any]:
    """Train from scratch → seconds, seconds of CPU and peak memory."""
    from rasa.model_training import train_nlu

    begun, used = time.perf_counter(), time.process_time()
    train_nlu(str(project / "config.yml"), str(project / "data"), str(project), MODEL)
    seconds = time.perf_counter() - begun
    cpu = round(time.process_time() - used, 1)
    return {"train_s": round(seconds, 1), "train_cpu_s": cpu, "train_mb": _peak_mb()}


async def parse(project: Path, texts: list[str]) -> dict[str, Any]:
    """Parse every text once unheard and once heard before → answers, milliseconds, memory.

    Wall time of a busy machine says little, so the CPU time of a text stands beside it.
    """
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    processor = Agent.load(str(project / MODEL)).processor
    await processor.parse_message(UserMessage("预热"))
    answers, rounds = [], []
    for heard_before in (False, True):
        took, used = [], time.process_time()
        for text in texts:
            begun = time.perf_counter()
            answer = await processor.parse_message(UserMessage(text))
            took.append((time.perf_counter() - begun) * 1000)
            if not heard_before:
                answers.append(_short(answer))
        cpu = (time.process_time() - used) * 1000 / len(texts)
        rounds.append([round(float(np.percentile(took, part)), 1) for part in (50, 99)])
        rounds[-1].append(round(cpu, 1))
    return {
        "answers": answers,
        "p50_ms": rounds[0][0],
        "p99_ms": rounds[0][1],
        "cpu_ms": rounds[0][2],
        "cached_p50_ms": rounds[1][0],
        "cached_p99_ms": rounds[1][1],
        "cached_cpu_ms": rounds[1][2],
        "parse_mb": _peak_mb(),
    }


def _short(answer: dict[str, Any]) -> dict[str, Any]:
    """Keep what is judged: ranked labels and linked items."""
    ranking = answer.get("intent_ranking") or [answer["intent"]]
    items = [entry["code"] for entry in answer.get("items") or []]
    return {"labels": [entry["name"] for entry in ranking[:3]], "items": items[:3]}


def main() -> int:
    """Run the command line; only the JSON line reaches stdout."""
    parser = argparse.ArgumentParser()
    parser.add_argument("do", choices=["train", "parse"])
    parser.add_argument("project", type=Path)
    parser.add_argument("questions", type=Path, nargs="?")
    options = parser.parse_args()
    os.chdir(options.project)
    warnings.simplefilter("ignore")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with contextlib.redirect_stdout(sys.stderr):
        if options.do == "train":
            found = train(options.project)
        else:
            texts = json.loads(options.questions.read_text(encoding="utf-8"))
            found = asyncio.run(parse(options.project, texts))
    print(json.dumps(found, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
