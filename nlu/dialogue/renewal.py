"""Serve in a child process that is forked anew when it is killed.

What a start costs is reading: Rasa, the words, the model. A process that has read all and does
nothing else cannot well die; its child serves, shares that memory, and is replaced in a moment.
Nothing threaded may run before the fork, because a fork takes only one thread along.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

logger = logging.getLogger(__name__)

SHORT_LIFE = 10.0
"""Seconds a child lives at least where nothing is wrong with what it shares."""

SHORT_LIVES = 5
"""Short lives in a row after which what is shared is not believed any more."""

_PR_SET_PDEATHSIG = 1
_RATHER_THIS_ONE = "500"
_STOPS = (signal.SIGTERM, signal.SIGINT)
_HEARD = (*_STOPS, signal.SIGCHLD)


def keep_serving(serve: Callable[[], int]) -> int:
    """Run `serve` in a child until it ends by itself or is told to; fork another if it is killed.

    SIGTERM and SIGINT are handed on to the child, whose end is the end. It does not outlive this
    process.

    Args:
        serve: serves, and returns the exit code; runs in the child.

    Returns:
        The exit code: the child's, or as a shell tells a signal where one ended it all the same.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
    short_lives = 0
    while True:
        born = time.monotonic()
        code, told = _lived(_born(serve))
        if told or code >= 0:
            return code if code >= 0 else 128 - code
        short_lives = short_lives + 1 if time.monotonic() - born < SHORT_LIFE else 0
        if short_lives >= SHORT_LIVES:
            logger.error("the serving process was killed %d times in a row", short_lives)
            return 128 - code
        logger.error("the serving process was killed by signal %d; another one serves", -code)


def _born(serve: Callable[[], int]) -> BaseProcess:
    """Fork a child that serves."""
    child = multiprocessing.get_context("fork").Process(
        target=_live, args=(serve, os.getpid()), name="serving"
    )
    child.start()
    return child


def _live(serve: Callable[[], int], parent: int) -> None:
    """Serve, as the child."""
    _die_with(parent)
    _die_first()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
    sys.exit(serve())


def _die_with(parent: int) -> None:
    """Ask Linux to kill this process when its parent dies; it may have died by now."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(0)


def _die_first() -> None:
    """Ask Linux to end this process and not its parent when memory is short."""
    # Some sandboxes let nobody write there; then Linux chooses by size.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_RATHER_THIS_ONE, encoding="ascii")


def _lived(child: BaseProcess) -> tuple[int, bool]:
    """Wait until a child ends; return how it ended and whether that was wanted.

    How it ended is its exit code, or the signal's number below zero.
    """
    told = False
    while child.exitcode is None:
        if signal.sigwait(_HEARD) in _STOPS:
            told = True
            child.terminate()
    return child.exitcode, told or -child.exitcode in _STOPS
