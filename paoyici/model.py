"""Train the Rasa model when, and only when, what it learns from has changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from paoyici.home import ROOT

MODEL = ROOT / "nlu" / "models" / "current.tar.gz"
_SOURCES = (
    "nlu/config.yml",
    "nlu/domain.yml",
    "nlu/components",
    "standards",
    "nlu/train.py",
    "nlu/uv.lock",
    "data/intents.csv",
    "data/items.csv",
    "data/report_categories.csv",
    "data/catalogue",
    "data/dictionaries",
    "data/elsewhere.yml",
    "data/grid",
    "data/follow_ups",
    "data/forms",
    "data/lines",
    "data/safety",
    "data/talk",
    "data/training",
)


def published() -> Path:
    """Return where the export of an office's own catalogue is looked for (docs/catalogue.md)."""
    named = os.environ.get("PUBLISHED_CATALOGUE")
    return Path(named).resolve() if named else ROOT / "data" / "published.jsonl"


def _files() -> Iterator[Path]:
    for path in (*(ROOT / name for name in _SOURCES), published()):
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.is_file() and "__pycache__" not in file.parts)


def fingerprint() -> str:
    """Return the content hash of everything the model is made from."""
    digest = hashlib.sha256()
    for file in _files():
        digest.update(os.path.relpath(file, ROOT).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    """Say whether the trained model still belongs to the files it was made from."""
    stamp = MODEL.with_suffix(".sha256")
    return MODEL.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint()


def train() -> int:
    """Train `nlu/models/current.tar.gz`; return the exit code (0: it stands)."""
    if is_current():
        print("model: current, nothing to train")
        return 0
    print("model: the training data changed, training (about a minute) …", flush=True)
    started, before = time.monotonic(), fingerprint()
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    if published().is_file():
        environment["PUBLISHED_CATALOGUE"] = str(published())
    binary = ROOT / "nlu" / ".venv" / "bin"
    done = subprocess.run(  # noqa: S603 (fixed command of our own environment)
        [str(binary / "python"), "-m", "train"],
        cwd=ROOT / "nlu",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not MODEL.exists():
        print(done.stdout[-4000:], done.stderr[-4000:], file=sys.stderr)
        print(
            "model: training failed; the output of Rasa stands above",
            file=sys.stderr,
        )
        return done.returncode or 1
    MODEL.with_suffix(".sha256").write_text(before, encoding="utf-8")
    print(f"model: trained in {time.monotonic() - started:.0f} s", flush=True)
    return 0
