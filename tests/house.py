"""The whole house for tests: `paoyici run` on free ports with data of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from accounts import take_over
from servers import BIN, ROOT, free_port

LOGIN = re.compile(r"^sample login\s+(\w+): (\S+) / (\S+)$")


@dataclass
class House:
    """A running system: where it is, who may log in, and what it printed.

    Attributes:
        options: what follows `paoyici run`.
        ready: log-ins whose given password was replaced.
    """

    home: Path
    environment: dict[str, str]
    origin: str
    process: subprocess.Popen[str] | None = None
    lines: list[str] = field(default_factory=list)
    options: tuple[str, ...] = ()
    ready: dict[str, tuple[str, str]] = field(default_factory=dict)

    def start(self, patience: float = 400) -> None:
        """Start it and read its output up to `ready`.

        Raises:
            RuntimeError: it ended, or was not ready after `patience` seconds.
        """
        self.lines = []
        self.process = subprocess.Popen(
            [str(BIN / "paoyici"), "run", *self.options],
            cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + patience
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if self.lines[-1] == "ready":
                return
            if time.monotonic() > deadline:
                break
        self.stop()
        raise RuntimeError("not ready:\n" + "\n".join(self.lines) + self.logs())

    def stop(self) -> int:
        """Stop it as Ctrl-C does; return its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        output, _ = self.process.communicate(timeout=60)
        self.lines += output.splitlines()
        return self.process.returncode

    def logs(self) -> str:
        """Return the end of every part's log, for a failing test to show."""
        found = sorted((self.home / "logs").glob("*.log"))
        return "".join(f"\n== {log.name}\n{log.read_text()[-3000:]}" for log in found)

    def logins(self) -> dict[str, tuple[str, str]]:
        """Return log-ins that are ready for work: role → (username, password)."""
        if not self.ready:
            api = f"{self.origin}/api/v1"
            matches = filter(None, (LOGIN.match(line) for line in self.lines))
            self.ready = {
                match[1]: (match[2], take_over(api, match[2], match[3])) for match in matches
            }
        return self.ready

    def pids(self, part: str) -> list[int]:
        """Return the process ids of `part`, found by this house's own data folder or ports."""
        mark = {
            "mongodb": f"--storage-path {self.home}/mongodb",
            "redis": f"127.0.0.1:{self.environment['EMBEDDED_REDIS_PORT']}",
            "dialogue": "-m serve",
            "street": "paoyici.cli serve",
        }[part]
        return [pid for pid in children_of(self.process.pid) if mark in command_line(pid)]

    def serving(self, part: str) -> list[int]:
        """Return the process ids that do the work of `part`: a fork instead of who keeps it."""
        return [pid for started in self.pids(part) for pid in children_of(started) or [started]]


def command_line(pid: int) -> str:
    """Return the command line of a process, empty if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def children_of(pid: int) -> list[int]:
    """Return the process ids of all children of `pid`."""
    listed = subprocess.run(
        ["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True
    )
    return [int(number) for number in listed.stdout.split()]


def new_house(home: Path, **settings: str) -> House:
    """Describe a house with its data in `home` and every port free."""
    port = free_port()
    ours = {
        "PAOYICI_HOME": str(home),
        "PORT": str(port),
        # People answer whenever the tests run.
        "DESK_HOURS": "daily 0:00-24:00",
        # Every test logs in from one machine.
        "STAFF_LOGINS_PER_MINUTE": "1000",
        # All citizens have one address.
        "OPENINGS_PER_MINUTE": "100000",
        "EMBEDDED_MONGO_PORT": str(free_port()),
        "EMBEDDED_REDIS_PORT": str(free_port()),
        "EMBEDDED_DIALOGUE_PORT": str(free_port()),
    }
    foreign = {"MONGODB_URI", "REDIS_URL", "DIALOGUE_URL", "BACKEND_URL", "PUBLIC_URL"}
    foreign.add("SEED_SAMPLE")
    inherited = {name: value for name, value in os.environ.items() if name not in foreign}
    return House(home, inherited | ours | settings, f"http://127.0.0.1:{port}")


@contextmanager
def running_house(home: Path, **settings: str) -> Iterator[House]:
    """Run a whole house until the block ends."""
    house = new_house(home, **settings)
    house.start()
    try:
        yield house
    finally:
        house.stop()
