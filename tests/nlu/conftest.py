"""One trained ear for the whole session."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

NLU = Path(__file__).resolve().parents[2] / "nlu"
CURRENT = NLU / "models" / "current.tar.gz"
# One thread each, as in the service: threads that wait for each other burn the time they measure.
for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(library, "1")
sys.path[:0] = [str(NLU), str(Path(__file__).resolve().parent)]

from dialogue.lean_start import leave_out_tensorflow  # noqa: E402

leave_out_tensorflow()  # as the service does, before Rasa is imported

from heard import Heard  # noqa: E402
from servers import BIN  # noqa: E402
from understand import Ear  # noqa: E402


@pytest.fixture(scope="session")
def model() -> Path:
    """Path of the model that is served, trained anew where what it learns from has changed."""
    done = subprocess.run([BIN / "paoyici", "train"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return CURRENT


@pytest.fixture(scope="session")
def ear(model: Path) -> Ear:
    """The loaded ear."""
    return Ear.load(model)


@pytest.fixture(scope="session")
def heard(ear: Ear) -> Heard:
    """What the ear says to whole splits."""
    return Heard(ear)
