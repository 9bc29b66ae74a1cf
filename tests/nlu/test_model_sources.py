"""What makes a component learn anew makes the whole model be trained anew (`make train`)."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

import components
import pytest

from paoyici.model import sources


def learning_modules() -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(components.__path__):
        module = importlib.import_module(f"components.{found.name}")
        if hasattr(module, "content_hash") and found.name != "yaml_files":
            yield module


def test_every_file_a_component_learns_from_is_one_the_model_is_made_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    learnt_from: set[Path] = set()

    def kept(paths: Iterable[Path]) -> str:
        learnt_from.update(path.resolve() for path in paths)
        return ""

    asked = 0
    for module in learning_modules():
        monkeypatch.setattr(module, "content_hash", kept)
        for one in vars(module).values():
            if getattr(one, "__module__", "") == module.__name__ and hasattr(
                one, "fingerprint_addon"
            ):
                one.fingerprint_addon({})
                asked += 1
    assert asked >= 8
    assert learnt_from
    assert learnt_from <= {path.resolve() for path in sources()}
