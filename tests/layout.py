"""A layout of its own for a house that a program of the tests starts."""

from __future__ import annotations

import os
from pathlib import Path

from paoyici.parts import Layout, layout_from_environment
from tests.servers import free_port

_PORTS = ("PORT", "EMBEDDED_DIALOGUE_PORT", "EMBEDDED_MONGO_PORT", "EMBEDDED_REDIS_PORT")
_FOREIGN = (
    *("HOST", "MONGODB_URI", "MONGODB_DATABASE", "REDIS_URL", "DIALOGUE_URL", "BACKEND_URL"),
    *("PUBLIC_URL", "EMBEDDED_BACKEND_PORT", "DIALOGUE_PROCESSES", "SEED_SAMPLE"),
)


def own_layout(home: Path, *, apart: bool = False) -> Layout:
    """Let this process's settings name a house with its data in `home` and every port free.

    Args:
        home: folder of its data.
        apart: the office is a process of its own.
    """
    for name in _FOREIGN:
        os.environ.pop(name, None)
    ports = (*_PORTS, "EMBEDDED_BACKEND_PORT") if apart else _PORTS
    os.environ |= {"PAOYICI_HOME": str(home)} | {name: str(free_port()) for name in ports}
    return layout_from_environment()
