"""`paoyici run`: the whole house on one machine, until Ctrl-C."""

from __future__ import annotations

import asyncio
import fcntl
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from paoyici.home import ROOT, home
from paoyici.keeper import Keeper
from paoyici.parts import Layout, environment, layout_from_environment, rooms, storage
from paoyici.store_watch import StoreWatch, free_disk
from paoyici.supervisor import PartError, Supervisor, die_with_parent, say
from paoyici.transactions import release


@contextmanager
def _only_one() -> Iterator[None]:
    """Hold this installation's lock, so that two runs never share one data folder.

    Raises:
        PartError: another run holds it.
    """
    with (home() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise PartError(f"paoyici already runs on {home()}") from busy
        yield


def _stop_requested() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(sig, stop.set)
    return stop


async def _start_all(layout: Layout, supervisor: Supervisor) -> None:
    for part in (*storage(layout), *rooms(layout)):
        await supervisor.start(part)


def seeds(layout: Layout, settings: Mapping[str, str]) -> bool:
    """Say whether this run opens the sample accounts.

    Raises:
        PartError: a setting is wrong, or wants published passwords in a store of the operator's.
    """
    from backend.settings import SettingsError, load_settings

    try:
        seeds = load_settings(settings).seed_sample
    except SettingsError as error:
        raise PartError(f"settings: {error}") from error
    if seeds and layout.embedded_mongo_port is None:
        raise PartError(
            "SEED_SAMPLE=1 is for the embedded MongoDB alone, and MONGODB_URI names another:"
            " leave SEED_SAMPLE out and open accounts with `paoyici staff open`."
        )
    return seeds


def _welcome(layout: Layout, *, seeded: bool) -> None:
    say(f"citizen page   {layout.origin}/")
    say(f"staff desk     {layout.office}/desk/")
    say(f"API document   {layout.office}/api/docs")
    if seeded:
        from backend.seed import sample_logins

        for role, username, password in sample_logins(ROOT / "data"):
            say(f"sample login   {role}: {username} / {password}")
    say("ready")


async def _run(layout: Layout, *, restart: bool) -> int:
    stop = _stop_requested()
    settings = environment(layout)
    seeded = seeds(layout, settings)
    supervisor = Supervisor(settings)
    stopping = asyncio.create_task(stop.wait())
    starting = asyncio.create_task(_start_all(layout, supervisor))
    try:
        await asyncio.wait({stopping, starting}, return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            await starting
            _welcome(layout, seeded=seeded)
            keeper = Keeper(supervisor, partial(release, layout))
            keeping = asyncio.create_task(keeper.keep(only_spared=not restart))
            watching = asyncio.create_task(_watch_store(layout, supervisor))
            try:
                return await _until_end(supervisor, stopping, keeping, restart=restart)
            finally:
                for task in (keeping, watching):
                    task.cancel()
                await asyncio.gather(keeping, watching, return_exceptions=True)
    except PartError as failure:
        say(str(failure))
        return 1
    else:
        return 0
    finally:
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        say("stopping …")
        await supervisor.stop()
        stopping.cancel()
        say("stopped")


async def _watch_store(layout: Layout, supervisor: Supervisor) -> None:
    """Restart the embedded store, if this run has one, when it keeps nothing any more."""
    if layout.embedded_mongo_port is None:
        return
    part = next(part for part in supervisor.parts if part.name == "mongodb")

    async def restart() -> None:
        try:
            await supervisor.restart(part)
        except PartError as failure:
            # What follows is what follows any other death of it.
            say(str(failure))
            supervisor.kill(part)

    await StoreWatch(layout.mongodb_uri, restart, free_disk).watch()


async def _until_end(
    supervisor: Supervisor,
    stopping: asyncio.Task[bool],
    keeping: asyncio.Task[None],
    *,
    restart: bool,
) -> int:
    """Wait for a signal, or for a death that ends everything; return the exit code."""
    if restart:
        await asyncio.wait({stopping, keeping}, return_when=asyncio.FIRST_COMPLETED)
        return 0
    death = asyncio.create_task(supervisor.first_death())
    await asyncio.wait({stopping, death}, return_when=asyncio.FIRST_COMPLETED)
    if death.done():
        say(death.result())
        return 1
    death.cancel()
    return 0


def run(*, restart: bool = False) -> int:
    """Start everything, print where it is and `ready`, stop on a signal; return the exit code.

    With `restart` a part that dies is started again; otherwise its death ends the others, unless
    there are more like it: then it is started again all the same.
    """
    die_with_parent()
    try:
        with _only_one():
            return asyncio.run(_run(layout_from_environment(), restart=restart))
    except PartError as failure:
        say(str(failure))
        return 1
