"""Start the dialogue service: `python -m serve` in `nlu/`."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import uvloop
from aiohttp import web
from dialogue.errors import WrongKeyError
from dialogue.lean_start import leave_out_tensorflow
from dialogue.logs import be_quiet
from dialogue.renewal import keep_serving
from dialogue.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from dialogue.service import DialogueService
    from dialogue.tracker_store import MongoTrackerStore

ROOT = Path(__file__).resolve().parent.parent
_SHUTDOWN_SECONDS = 3
_BACKLOG = 128


@dataclass(frozen=True)
class Loaded:
    """What is read before anybody is served, and shared by all who serve.

    Attributes:
        store: not connected yet.
        thread: where the pipeline runs, not started yet.
    """

    service: DialogueService
    store: MongoTrackerStore
    thread: ThreadPoolExecutor


def main() -> int:
    """Serve until SIGTERM or SIGINT; 2 if a setting is wrong, or a key is not the store's."""
    try:
        settings = load_settings()
    except SettingsError as error:
        print(f"settings: {error}", file=sys.stderr)
        return 2
    _one_thread_each()
    leave_out_tensorflow()
    be_quiet(settings.log_level)
    loaded = _load_for_good(settings)
    with _listening(settings.host, settings.port) as listener:
        return keep_serving(partial(_serve, loaded, listener))


def _one_thread_each() -> None:
    """Let the libraries that compute use one thread, unless the operator says otherwise.

    Their threads wait for each other in a loop: on cores that other parts need too, a sentence
    that costs 20 ms with one thread has cost 300 ms to 1 s with two.
    """
    for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(library, "1")


def _load_for_good(settings: Settings) -> Loaded:
    """Load everything, and let no search for garbage go through it ever again.

    Such a search would also write into what the serving process shares with this one. Nor is there
    one before: it takes .3 s and finds 2,232 objects, less than a page of memory.
    """
    gc.disable()
    loaded = load(settings)
    gc.freeze()
    return loaded


def load(settings: Settings) -> Loaded:
    """Load the model and the actions, and try them out; no thread and no connection is opened."""
    # Rasa takes seconds to import: a wrong setting must be reported before that.
    from dialogue.agent import TurnAgent, project_actions, project_reader
    from dialogue.privacy import Envelope
    from dialogue.replies import OwnReplies
    from dialogue.service import DialogueService
    from dialogue.tracker_store import MongoTrackerStore

    sys.path.insert(0, str(ROOT))
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pipeline")
    store = MongoTrackerStore(
        settings.mongodb_uri,
        settings.mongodb_database,
        Envelope(settings.data_keys),
        settings.keep_turns,
    )
    reader_of = partial(project_reader, settings.data_dir, thread)
    agent = TurnAgent(store, project_actions(), reader_of, thread)
    agent.load_model(settings.model_path)
    agent.try_out()
    return Loaded(DialogueService(agent, store, OwnReplies(settings.data_dir)), store, thread)


def _listening(host: str, port: int) -> socket.socket:
    """Listen at an address; who calls while nobody serves is served by the next who does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)


def _serve(loaded: Loaded, listener: socket.socket) -> int:
    """Serve until SIGTERM or SIGINT; 2 if a key is not the store's."""
    gc.enable()
    try:
        uvloop.run(_until_told(loaded, listener))
    except WrongKeyError:
        print("settings: DATA_KEYS: none of the keys opens what the store holds", file=sys.stderr)
        return 2
    return 0


async def _until_told(loaded: Loaded, listener: socket.socket) -> None:
    """Answer what comes in until a signal; what has begun by then is finished."""
    from dialogue.http import create_app

    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for sig in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sig, stop.set)
    await loaded.store.begin()
    app = create_app(loaded.service)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        await stop.wait()
    finally:
        await runner.cleanup()
        await loaded.store.close()
        loaded.thread.shutdown(wait=False, cancel_futures=True)


if __name__ == "__main__":
    sys.exit(main())
