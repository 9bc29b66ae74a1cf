"""Takes what the pipeline learnt about danger out of a trained model, to be asked directly."""

from __future__ import annotations

import pickle
import tempfile
from pathlib import Path
from typing import cast

from components.safety_listener import SafetyListener, SafetyState
from components.stored_state import STATE_FILE
from rasa.engine.storage.local_model_storage import LocalModelStorage


def load_safety(model_path: Path) -> SafetyState:
    """Load what `SafetyListener` has learnt.

    Raises:
        LookupError: the model was trained without it.
    """
    with tempfile.TemporaryDirectory() as folder:
        storage, metadata = LocalModelStorage.from_model_archive(Path(folder), model_path)
        for node in metadata.predict_schema.nodes.values():
            if node.uses is SafetyListener and node.resource is not None:
                with storage.read_from(node.resource) as kept:
                    content = (kept / STATE_FILE).read_bytes()
                return cast(SafetyState, pickle.loads(content))  # noqa: S301  as safe as the model
    raise LookupError(f"{model_path} cannot hear danger: train it again")
