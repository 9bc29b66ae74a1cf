"""Takes what single steps of the pipeline learnt out of a trained model, to be asked directly."""

from __future__ import annotations

import pickle
import re
import tarfile
from pathlib import Path
from typing import Any, cast

from components.form_listener import FormListener, FormState
from components.line_listener import LineListener, LineState
from components.safety_listener import SafetyListener, SafetyState
from components.stored_state import STATE_FILE, StatefulComponent


def load_safety(model_path: Path) -> SafetyState:
    """Load what `SafetyListener` has learnt.

    Raises:
        LookupError: the model was trained without it.
    """
    return cast(SafetyState, _load(model_path, SafetyListener, "hear danger"))


def load_form(model_path: Path) -> FormState:
    """Load what `FormListener` has learnt.

    Raises:
        LookupError: the model was trained without it.
    """
    return cast(FormState, _load(model_path, FormListener, "read what is said to a form"))


def load_lines(model_path: Path) -> LineState:
    """Load what `LineListener` has learnt; nothing else of the model is unpacked.

    Raises:
        LookupError: the model was trained without it.
    """
    return cast(LineState, _load(model_path, LineListener, "find the lines of a guide"))


def _load(model_path: Path, step: type[StatefulComponent], what_for: str) -> Any:
    kept_in = re.compile(rf".*\.{step.__name__}\d+/{re.escape(STATE_FILE)}")
    with tarfile.open(model_path) as archive:
        for member in archive:
            kept = archive.extractfile(member) if kept_in.fullmatch(member.name) else None
            if kept:
                return pickle.load(kept)  # noqa: S301  as safe as the model
    raise LookupError(f"{model_path} cannot {what_for}: train it again")
