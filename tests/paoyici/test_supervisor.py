"""One command starts every part and leaves no process behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from house import command_line
from servers import ROOT, free_port

from paoyici.parts import Part
from paoyici.supervisor import PartError, Supervisor


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path / "home"))


def listener(name: str) -> Part:
    """Return a part that really listens: Python's own HTTP server."""
    port = free_port()
    command = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port))
    return Part(name, command, f"tcp://127.0.0.1:{port}")


async def test_a_part_is_started_only_when_the_one_before_is_well() -> None:
    supervisor = Supervisor(dict(os.environ))
    first, second = listener("first"), listener("second")
    try:
        await supervisor.start(first)
        _, writer = await asyncio.open_connection("127.0.0.1", int(first.command[-1]))
        writer.close()
        await writer.wait_closed()
        await supervisor.start(second)
    finally:
        await supervisor.stop()


async def test_a_part_that_ends_at_once_is_named_with_its_log(tmp_path: Path) -> None:
    supervisor = Supervisor(dict(os.environ))
    broken = Part(
        "broken", (sys.executable, "-c", "raise SystemExit(3)"), f"tcp://127.0.0.1:{free_port()}"
    )
    with pytest.raises(PartError, match=r"broken: ended with code 3; its log is .*broken\.log"):
        await supervisor.start(broken)
    await supervisor.stop()


async def test_a_part_that_never_becomes_well_is_given_up() -> None:
    supervisor = Supervisor(dict(os.environ))
    mute = Part("mute", (sys.executable, "-c", "import time; time.sleep(60)"),
                f"tcp://127.0.0.1:{free_port()}", patience=0.5)  # fmt: skip
    with pytest.raises(PartError, match=r"mute: not well after [01] s"):
        await supervisor.start(mute)
    await supervisor.stop()


async def test_an_address_that_is_taken_is_refused_with_a_way_out() -> None:
    one, two = Supervisor(dict(os.environ)), Supervisor(dict(os.environ))
    part = listener("web")
    await one.start(part)
    try:
        with pytest.raises(PartError, match="something already answers"):
            await two.start(part)
    finally:
        await one.stop()


async def test_the_first_death_is_reported() -> None:
    supervisor = Supervisor(dict(os.environ))
    part, other = listener("victim"), listener("other")
    await supervisor.start(part)
    await supervisor.start(other)
    victim = int(subprocess.check_output(["pgrep", "-f", " ".join(part.command)]).split()[0])
    os.kill(victim, signal.SIGKILL)
    assert await asyncio.wait_for(supervisor.first_death(), 5) == (
        f"victim: ended with code -9; its log is {os.environ['PAOYICI_HOME']}/logs/victim.log"
    )
    await supervisor.stop()
    assert not subprocess.run(
        ["pgrep", "-f", " ".join(other.command)], stdout=subprocess.PIPE
    ).stdout


def test_no_child_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    port = free_port()
    script = textwrap.dedent(f"""
        import asyncio, os, sys
        from paoyici.parts import Part
        from paoyici.supervisor import Supervisor
        async def main():
            command = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "{port}")
            await Supervisor(dict(os.environ)).start(Part("web", command, "tcp://127.0.0.1:{port}"))
            print(asyncio.all_tasks() and "up", flush=True)
            await asyncio.sleep(60)
        asyncio.run(main())
    """)
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as boss:
        assert boss.stdout is not None
        assert "web: well after" in boss.stdout.readline()
        assert boss.stdout.readline() == "up\n"
        child = int(subprocess.check_output(["pgrep", "-P", str(boss.pid)]))
        boss.kill()
        boss.wait()
    _wait_until_gone(child)


def _wait_until_gone(pid: int) -> None:
    for _ in range(100):
        if not command_line(pid):
            return
        signal.sigtimedwait([], 0.05)
    pytest.fail(f"process {pid} is still there: {command_line(pid)}")
