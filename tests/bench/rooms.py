"""The folder a bench works in, and the ear's environment that does the work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"
QUESTIONS = ROOT / "tests" / "nlu" / "questions" / "test.jsonl"
EPOCHS, QUICK_EPOCHS = 100, 2
ITEMS, QUICK_ITEMS = 10_000, 1_000


@dataclass(frozen=True)
class Bench:
    """Projects of this run and the questions they are asked."""

    folder: Path
    quick: bool
    names: list[Path]

    @cached_property
    def questions(self) -> list[dict[str, Any]]:
        """The test split; a part of it in a smoke run."""
        lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines[:: 5 if self.quick else 1]]

    @cached_property
    def projects(self) -> Path:
        """The folder of all projects, laid out once."""
        epochs = QUICK_EPOCHS if self.quick else EPOCHS
        items = QUICK_ITEMS if self.quick else ITEMS
        sizes = ["--epochs", str(epochs), "--items", str(items)]
        names = ["--names", *map(str, self.names)] if self.names else []
        run(ROOT / "nlu", ["-m", "bench.prepare", str(self.folder), *sizes, *names])
        return self.folder

    @cached_property
    def ours(self) -> dict[str, Any]:
        """The ear trained from scratch and asked, measured once for all contests."""
        return self.measured("ours/nlu")

    def measured(self, name: str) -> dict[str, Any]:
        """Train a project and ask it the questions."""
        return self.trained(name) | self.asked(name)

    def measured_together(self, *names: str) -> list[dict[str, Any]]:
        """Train projects side by side, a core each, then ask one after the other."""
        with ThreadPoolExecutor(len(names)) as cores:
            trained = list(cores.map(self.trained, names))
        return [found | self.asked(name) for name, found in zip(names, trained, strict=True)]

    def trained(self, name: str) -> dict[str, Any]:
        """Train a project."""
        project = self.projects / name
        print(f"{name}: training …", flush=True)
        found: dict[str, Any] = last_json(
            run(project, ["-m", "bench.rasa_project", "train", str(project)])
        )
        return found

    def asked(self, name: str) -> dict[str, Any]:
        """Ask a trained project the questions."""
        project = self.projects / name
        texts = self.folder / "questions.json"
        texts.write_text(json.dumps([q["text"] for q in self.questions]), encoding="utf-8")
        print(f"{name}: asking {len(self.questions)} questions …", flush=True)
        asked = run(project, ["-m", "bench.rasa_project", "parse", str(project), str(texts)])
        found: dict[str, Any] = last_json(asked)
        return found


def run(project: Path, arguments: list[str]) -> str:
    """Run the ear's Python with a project's components → stdout; a failure shows its output."""
    paths = [str(project), str(ROOT / "tests"), str(ROOT / "tests" / "nlu")]
    environment = {key: value for key, value in os.environ.items() if key != "DATA_DIR"} | {
        "PYTHONPATH": os.pathsep.join(paths),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # A second thread costs these small models more CPU than it saves them time.
        "TF_INTRA_OP_PARALLELISM_THREADS": "1",
        "TF_INTER_OP_PARALLELISM_THREADS": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    done = subprocess.run(
        [str(PYTHON), "-W", "ignore", *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stderr[-4000:], file=sys.stderr)
        raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}")
    return done.stdout


def last_json(output: str) -> Any:
    """Read the last line, which is JSON."""
    return json.loads(output.rstrip().rsplit("\n", 1)[-1])


def table(heads: list[str], rows: list[list[object]]) -> None:
    """Print rows under their heads, in columns."""
    lines = [heads, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))
    print(flush=True)
