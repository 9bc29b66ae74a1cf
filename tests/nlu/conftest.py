"""One trained ear for the whole session."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

NLU = Path(__file__).resolve().parents[2] / "nlu"
CURRENT = NLU / "models" / "current.tar.gz"
# One thread each, as in the service: threads that wait for each other burn the time they measure.
for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(library, "1")
sys.path[:0] = [str(NLU), str(Path(__file__).resolve().parent)]

from heard import Heard  # noqa: E402
from understand import Ear  # noqa: E402

TRAINED_FROM = (
    "nlu/components",
    "nlu/config.yml",
    "data/training/intents",
    "data/dictionaries",
    "data/catalogue",
    "data/grid",
    "data/safety",
    "data/follow_ups",
    "data/talk",
    "data/dialogue/words.yml",
    "data/items.csv",
    "data/report_categories.csv",
)
LEARNED = {".py", ".yml", ".yaml", ".csv", ".geojson"}


def _learned() -> Iterator[Path]:
    """Give every file the ear learns from."""
    for name in TRAINED_FROM:
        root = NLU.parent / name
        files = [root] if root.is_file() else sorted(root.rglob("*"))
        yield from (file for file in files if file.suffix in LEARNED)


def _is_current() -> bool:
    """Say whether the model that `make model` trained is younger than what it is trained from."""
    if not CURRENT.exists():
        return False
    trained_at = CURRENT.stat().st_mtime
    return all(file.stat().st_mtime < trained_at for file in _learned())


def _fingerprint() -> str:
    """Hash everything the ear learns from."""
    digest = hashlib.sha256()
    for path in _learned():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def model() -> Path:
    """Path of a model trained on exactly the present data; trained once if there is none."""
    if _is_current():
        return CURRENT
    folder = NLU / ".rasa" / "test_models"
    path = folder / f"ear-{_fingerprint()}.tar.gz"
    if not path.exists():
        shutil.rmtree(folder, ignore_errors=True)
        rasa = [sys.executable, "-W", "ignore", "-m", "rasa", "train", "nlu"]
        where = ["--nlu", "data/intents", "--out", str(folder), "--fixed-model-name", path.name]
        environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
        done = subprocess.run(
            [*rasa, *where], cwd=NLU, env=environment, capture_output=True, text=True, check=False
        )
        assert path.exists(), done.stdout[-2000:] + done.stderr[-2000:]
    return path


@pytest.fixture(scope="session")
def ear(model: Path) -> Ear:
    """The loaded ear."""
    return Ear.load(model)


@pytest.fixture(scope="session")
def heard(ear: Ear) -> Heard:
    """What the ear says to whole splits."""
    return Heard(ear)
