"""Train the model as `rasa train` does, without importing TensorFlow, which no part of it uses.

    cd nlu && .venv/bin/python -m train

`rasa train` gives the same model; it needs some seconds and a third of a gigabyte more.
"""

from __future__ import annotations

import sys
from threading import Thread

from dialogue.lean_start import leave_out_tensorflow


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
    return done.code


if __name__ == "__main__":
    sys.exit(main())
