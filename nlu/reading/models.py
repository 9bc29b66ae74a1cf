"""Takes what the pipeline learnt beside its parses out of a trained model, to be asked directly."""

from __future__ import annotations

import pickle
import re
import tarfile
from pathlib import Path
from typing import Any, cast

from components.form_listener import FormListener, FormState
from components.safety_listener import SafetyListener, SafetyState
from components.stored_state import STATE_FILE


def load_safety(model_path: Path) -> SafetyState:
    """Load what `SafetyListener` has learnt.

    Raises:
        LookupError: the model was trained without it.
    """
    return cast(SafetyState, _learnt(model_path, SafetyListener.__name__))


def load_form(model_path: Path) -> FormState:
    """Load what `FormListener` has learnt.

    Raises:
        LookupError: the model was trained without it.
    """
    return cast(FormState, _learnt(model_path, FormListener.__name__))


def _learnt(model_path: Path, step: str) -> Any:
    """Load what one step has learnt; nothing else of the model is unpacked."""
    kept_by = re.compile(rf".*\.{step}\d+/{re.escape(STATE_FILE)}")
    with tarfile.open(model_path) as archive:
        for member in archive:
            kept = archive.extractfile(member) if kept_by.fullmatch(member.name) else None
            if kept:
                return pickle.load(kept)  # noqa: S301  as safe as the model
    raise LookupError(f"{model_path} has learnt nothing as {step}: train it again")
