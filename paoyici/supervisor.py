"""Start the parts in order, watch them, and leave no process behind."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import os
import signal
import sys
import time
from asyncio.subprocess import Process

import aiohttp

from paoyici.health import is_well
from paoyici.home import home
from paoyici.parts import Part

_PR_SET_PDEATHSIG = 1
_STOP_PATIENCE = 10.0
_SLOW = 2.0


class PartError(Exception):
    """A part ended, or never became well; the message says which and where its log is."""


def die_with_parent(sig: int = signal.SIGTERM) -> None:
    """Ask Linux to send this process `sig` when its parent dies, so that nothing is left behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, sig)


_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def say(text: str) -> None:
    """Print one progress line at once; a full disk under it ends nothing that goes on."""
    try:
        print(text, flush=True)
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise


class Supervisor:
    """Runs parts as children, each in its own session so that Ctrl-C reaches only this process."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._running: list[tuple[Part, Process]] = []
        self._restarting: dict[str, asyncio.Event] = {}
        self._logs = home() / "logs"
        self._logs.mkdir(exist_ok=True)

    async def start(self, part: Part) -> None:
        """Start `part` and wait until it is well.

        Raises:
            PartError: something else answers at its address, it ended, or its patience ran out.
        """
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
            if await is_well(part.health, session):
                raise PartError(
                    f"{part.name}: something already answers at {part.health}; is paoyici running?"
                    " Stop it, or choose other ports (PORT, EMBEDDED_MONGO_PORT, …)."
                )
            process = await self._spawn(part, "wb")
            self._running.append((part, process))
            await self._wait_until_well(part, process, session)

    async def revive(self, part: Part) -> None:
        """Start a part of ours that has ended, in its old place, and wait until it is well.

        Raises:
            PartError: it ended again, or its patience ran out.
        """
        place = self._place(part)
        process = await self._spawn(part, "ab")
        self._running[place] = (part, process)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
            await self._wait_until_well(part, process, session)

    async def restart(self, part: Part) -> None:
        """Kill a part of ours and start it anew; nobody takes that for its death.

        Raises:
            PartError: it ended again, or its patience ran out.
        """
        over = self._restarting[part.name] = asyncio.Event()
        try:
            self.kill(part)
            await self._running[self._place(part)][1].wait()
            await self.revive(part)
        finally:
            del self._restarting[part.name]
            over.set()

    async def _spawn(self, part: Part, mode: str) -> Process:
        with (self._logs / f"{part.name}.log").open(mode) as output:
            return await asyncio.create_subprocess_exec(
                *part.command,
                cwd=part.cwd,
                env=self._environment | part.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(signal.SIGKILL),
            )

    async def _wait_until_well(
        self, part: Part, process: Process, session: aiohttp.ClientSession
    ) -> None:
        begun, told = time.monotonic(), False
        while not await is_well(part.health, session):
            waited = time.monotonic() - begun
            if process.returncode is not None:
                raise PartError(self._obituary(part, process))
            if waited > part.patience:
                raise PartError(
                    f"{part.name}: not well after {part.patience:.0f} s; {self._log(part)}"
                )
            if waited > _SLOW and not told:
                say(f"{part.name}: starting …")
                told = True
            await asyncio.sleep(0.1)
        say(f"{part.name}: well after {time.monotonic() - begun:.1f} s")

    async def first_death(self) -> str:
        """Wait until a part ends without which the house cannot go on.

        Returns:
            A line that says which and where its log is.
        """
        while True:
            waiting = {
                asyncio.create_task(process.wait()): (part, process)
                for part, process in self._running
                if not part.spared
            }
            done, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in pending:
                task.cancel()
            part, process = waiting[done.pop()]
            if not await self._restarted(part, process):
                return self._obituary(part, process)

    async def _restarted(self, part: Part, ended: Process) -> bool:
        """Say whether `restart` has put another process in the place of one that ended."""
        if over := self._restarting.get(part.name):
            await over.wait()
        return self._running[self._place(part)][1] is not ended

    @property
    def parts(self) -> list[Part]:
        """Return what was started, in that order."""
        return [part for part, _ in self._running]

    async def death(self, part: Part) -> str:
        """Wait until `part` ends; return a line that says how and where its log is."""
        while True:
            _, process = self._running[self._place(part)]
            await process.wait()
            if not await self._restarted(part, process):
                return self._obituary(part, process)

    def kill(self, part: Part) -> None:
        """Kill `part` and whatever it started, without a word."""
        _signal_group(self._running[self._place(part)][1].pid, signal.SIGKILL)

    def pid(self, part: Part) -> int:
        """Return the process id `part` has now."""
        return self._running[self._place(part)][1].pid

    def _place(self, part: Part) -> int:
        return self.parts.index(part)

    async def stop(self) -> None:
        """Stop every part, last started first; a part that does not go is killed."""
        for part, process in reversed(self._running):
            if process.returncode is None:
                _signal_group(process.pid, signal.SIGTERM)
                try:
                    await asyncio.wait_for(process.wait(), _STOP_PATIENCE)
                except TimeoutError:
                    say(f"{part.name}: does not stop, killing it")
            _signal_group(process.pid, signal.SIGKILL)
            await process.wait()
        self._running.clear()

    def _log(self, part: Part) -> str:
        return f"its log is {self._logs / part.name}.log"

    def _obituary(self, part: Part, process: Process) -> str:
        return f"{part.name}: ended with code {process.returncode}; {self._log(part)}"


def _signal_group(group: int, sig: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, sig)
