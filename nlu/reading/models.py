"""Takes what the pipeline learnt about danger out of a trained model, to be asked directly."""

from __future__ import annotations

import pickle
import re
import tarfile
from pathlib import Path
from typing import cast

from components.safety_listener import SafetyListener, SafetyState
from components.stored_state import STATE_FILE

_KEPT = re.compile(rf".*\.{SafetyListener.__name__}\d+/{re.escape(STATE_FILE)}")


def load_safety(model_path: Path) -> SafetyState:
    """Load what `SafetyListener` has learnt; nothing else of the model is unpacked.

    Raises:
        LookupError: the model was trained without it.
    """
    with tarfile.open(model_path) as archive:
        for member in archive:
            kept = archive.extractfile(member) if _KEPT.fullmatch(member.name) else None
            if kept:
                return cast(SafetyState, pickle.load(kept))  # noqa: S301  as safe as the model
    raise LookupError(f"{model_path} cannot hear danger: train it again")
