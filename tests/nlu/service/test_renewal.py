"""A serving process that is killed is replaced at once by a fork; none of them is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers import ROOT

Start = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a process that keeps serving: `serve` prints the child's id, then does as given."""
    begun: list[subprocess.Popen[str]] = []

    def keeper(body: str) -> subprocess.Popen[str]:
        script = textwrap.dedent("""
            import os, signal, sys
            from dialogue.renewal import keep_serving
            def serve():
                signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
                print(os.getpid(), flush=True)
                {body}
            sys.exit(keep_serving(serve))
        """).format(body=body)
        begun.append(
            subprocess.Popen(
                [sys.executable, "-c", script],
                cwd=ROOT / "nlu",
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        )
        return begun[-1]

    yield keeper
    for process in begun:
        process.kill()
        process.communicate()


def child_of(keeper: subprocess.Popen[str]) -> int:
    """Return the id that the next child prints."""
    assert keeper.stdout is not None
    return int(keeper.stdout.readline())


def _oom(pid: int) -> int:
    """Return how gladly Linux ends a process when memory is short."""
    return int(Path(f"/proc/{pid}/oom_score_adj").read_text(encoding="ascii"))


def gone(pid: int) -> bool:
    """Wait until a process is gone; say whether it is."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not Path(f"/proc/{pid}").exists():
            return True
        signal.sigtimedwait([], 0.02)
    return False


def test_a_killed_child_is_replaced_until_the_keeper_is_told_to_end(start):
    keeper = start("signal.pause()")
    first = child_of(keeper)
    assert _oom(first) > _oom(keeper.pid)
    os.kill(first, signal.SIGKILL)
    second = child_of(keeper)
    assert first != second
    keeper.terminate()
    assert keeper.wait(10) == 0
    assert gone(second)


def test_a_child_that_ends_by_itself_is_the_end_with_its_exit_code(start):
    keeper = start("return 3")
    told, _ = keeper.communicate(timeout=10)
    assert (len(told.split()), keeper.returncode) == (1, 3)


def test_a_child_that_fails_is_the_end(start):
    keeper = start("raise ValueError")
    told, _ = keeper.communicate(timeout=10)
    assert (len(told.split()), keeper.returncode) == (1, 1)


def test_a_child_that_somebody_ends_politely_is_not_replaced(start):
    keeper = start("signal.signal(15, signal.SIG_DFL); os.kill(os.getpid(), 15); signal.pause()")
    told, _ = keeper.communicate(timeout=20)
    assert (len(told.split()), keeper.returncode) == (1, 128 + signal.SIGTERM)


def test_what_kills_every_child_at_once_ends_the_keeper_too(start):
    keeper = start("os.kill(os.getpid(), signal.SIGKILL)")
    told, _ = keeper.communicate(timeout=20)
    assert (len(told.split()), keeper.returncode) == (5, 128 + signal.SIGKILL)


def test_no_child_outlives_a_killed_keeper(start):
    keeper = start("signal.pause()")
    child = child_of(keeper)
    keeper.kill()
    keeper.wait()
    assert gone(child)
