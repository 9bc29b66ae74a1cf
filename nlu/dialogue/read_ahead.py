"""Reads what actions read once, before the first citizen waits for it.

An action's lists and texts are functions that are remembered for good (`lru_cache(maxsize=1)`,
nothing to be told). Called for the first time within a turn, they would read files on the event
loop, and every conversation would stand still meanwhile.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any


def read_ahead(package: str) -> list[str]:
    """Call every such function of a package's loaded modules; return their names."""
    names = []
    for name, read in sorted(_readers(package)):
        read()
        names.append(name)
    return names


def _readers(package: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Find the functions, each in the module that defines it."""
    modules = [name for name in sys.modules if name == package or name.startswith(f"{package}.")]
    for module in modules:
        for name, value in vars(sys.modules[module]).items():
            parameters = getattr(value, "cache_parameters", None)
            if parameters is None or value.__module__ != module:
                continue
            if parameters()["maxsize"] == 1 and not inspect.signature(value).parameters:
                yield f"{module}.{name}", value
