"""A double of a neighbour as a process of its own, which can be stopped, let go on and killed.

As a program: `python neighbour.py office|dialogue PORT [NAME]`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from dialogue_double import DialogueDouble
from office_double import OfficeDouble

TESTS = Path(__file__).resolve().parents[1]


@dataclass
class NeighbourProcess:
    """The running process and its address."""

    url: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Let it stand still: connections are still accepted, and nothing is answered."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on where it stood."""
        os.kill(self.process.pid, signal.SIGCONT)

    def kill(self) -> None:
        """Kill -9."""
        self.process.kill()
        self.process.wait()


@contextmanager
def neighbour(
    kind: str, folder: Path, name: str = "答", port: int | None = None
) -> Iterator[NeighbourProcess]:
    """Run a double until the block ends."""
    from servers import free_port, running

    port = port or free_port()
    command = [sys.executable, __file__, kind, str(port), name]
    with running(command, port, folder / f"{kind}-{port}.log") as process:
        started = NeighbourProcess(f"http://127.0.0.1:{port}", process)
        try:
            yield started
        finally:
            if process.poll() is None:
                started.go_on()


def main(kind: str, port: str, name: str) -> None:
    """Serve a double until SIGTERM."""
    double = OfficeDouble() if kind == "office" else DialogueDouble(name)
    web.run_app(double.app(), host="127.0.0.1", port=int(port), print=None, shutdown_timeout=0.1)


if __name__ == "__main__":
    main(*sys.argv[1:])
