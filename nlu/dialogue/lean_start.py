"""Start Rasa without TensorFlow, which takes two thirds of its start and half of its memory.

Rasa imports TensorFlow for DIET and TED even where a model uses neither. The service puts a
placeholder in its place: classes that can be named and derived from, and that say plainly what is
wrong when somebody makes one. Training, testing and `rasa shell` are not touched by this.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_LEFT_OUT = frozenset({"tensorflow", "keras"})


class NeedsTensorFlowError(RuntimeError):
    """A model uses a component made of TensorFlow; train it without DIET, TED and the like."""


class _PlaceholderType(type):
    """Lets any attribute of a placeholder be a placeholder again."""

    def __getattr__(cls, name: str) -> Any:
        """Return the placeholder `name`, which stands for whatever TensorFlow has there."""
        return _placeholder(name)


class Placeholder(metaclass=_PlaceholderType):
    """Stands where a class of TensorFlow would."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise NeedsTensorFlowError(type(self).__name__)


class _PlaceholderModule(ModuleType):
    """Stands where a module of TensorFlow would."""

    def __getattr__(self, name: str) -> Any:
        """Return the placeholder `name`; what Python itself asks a module for is not there."""
        return _placeholder(name)


class _Finder(MetaPathFinder, Loader):
    """Finds placeholders for the packages that are left out."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Answer for the packages that are left out and for nothing else."""
        if fullname.partition(".")[0] in _LEFT_OUT:
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make the placeholder module."""
        return _PlaceholderModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: there is no code to run."""


def leave_out_tensorflow() -> None:
    """Let Rasa be imported without TensorFlow from here on; twice is as good as once."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def _placeholder(name: str) -> Any:
    """Return a class that stands for `name`."""
    if name.startswith("__"):
        raise AttributeError(name)
    return _PlaceholderType(name, (Placeholder,), {})
