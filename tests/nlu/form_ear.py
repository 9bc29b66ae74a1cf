"""What the served model has learnt of forms, loaded once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from components.embedding import shared_embedder
from dialogue.in_form import FormEar
from reading.form import FormReader
from reading.models import load_form

MODEL = Path(__file__).resolve().parents[2] / "nlu" / "models" / "current.tar.gz"


@cache
def form_ear() -> FormEar:
    """Return the ear for forms; the fixture `model` sees to it that its model is trained."""
    return FormEar(FormReader(load_form(MODEL), shared_embedder()), ThreadPoolExecutor(1))
