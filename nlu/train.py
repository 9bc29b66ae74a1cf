"""Train the model as `rasa train` does, without importing TensorFlow, which no part of it uses.

    cd nlu && .venv/bin/python -m train

`rasa train` gives the same model; it needs some seconds and a third of a gigabyte more.
"""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path
from threading import Thread

from dialogue.lean_start import leave_out_tensorflow

_PIECE_BYTES = 2**20


def main() -> int:
    """Write models/current.tar.gz; return 0 if it stands."""
    leave_out_tensorflow()
    # Rasa takes seconds to import, and must not be imported before TensorFlow is left out.
    from components.written_phrases import embed_ahead
    from rasa.model_training import train

    # Most of a training is reading and counting on one core; the other can embed meanwhile.
    Thread(target=embed_ahead, name="embed-ahead").start()
    done = train(
        domain="domain.yml",
        config="config.yml",
        training_files=["data"],
        output="models",
        fixed_model_name="current",
    )
    if done.code == 0:
        store_plain(Path(done.model))
    return int(done.code)


def store_plain(archive: Path) -> None:
    """Write a model's archive anew with nothing in it compressed.

    What is learnt is numbers, of which gzip saves a third of the disk; every start would inflate
    them five times over, which takes two seconds of a core.
    """
    plain = archive.with_suffix(".plain")
    with gzip.open(archive) as packed, gzip.open(plain, "wb", compresslevel=0) as stored:
        shutil.copyfileobj(packed, stored, _PIECE_BYTES)
    plain.replace(archive)


if __name__ == "__main__":
    sys.exit(main())
