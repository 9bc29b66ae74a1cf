"""Start the dialogue service: `python -m serve` in `nlu/`."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import uvloop
from aiohttp import web
from dialogue.errors import WrongKeyError
from dialogue.lean_start import leave_out_tensorflow
from dialogue.logs import be_quiet
from dialogue.settings import Settings, SettingsError, load_settings

ROOT = Path(__file__).resolve().parent.parent


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
    try:
        web.run_app(
            build(settings),
            loop=uvloop.new_event_loop(),
            host=settings.host,
            port=settings.port,
            print=None,
            access_log=None,
            shutdown_timeout=3,
        )
    except WrongKeyError:
        print("settings: DATA_KEYS: none of the keys opens what the store holds", file=sys.stderr)
        return 2
    return 0


def _one_thread_each() -> None:
    """Let the libraries that compute use one thread, unless the operator says otherwise.

    Their threads wait for each other in a loop: on cores that other parts need too, a sentence
    that costs 20 ms with one thread has cost 300 ms to 1 s with two.
    """
    for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(library, "1")


def build(settings: Settings) -> web.Application:
    """Load the model and the actions, and return the application around them."""
    # Rasa takes seconds to import: a wrong setting must be reported before that.
    from dialogue.agent import TurnAgent, project_actions, project_reader
    from dialogue.http import create_app
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
    service = DialogueService(agent, store, OwnReplies(settings.data_dir))
    app = create_app(service)

    async def live(_: web.Application) -> AsyncIterator[None]:
        await store.begin()
        await service.try_out()
        # The model stays: no search for garbage has to go through it.
        gc.freeze()
        yield
        await store.close()
        thread.shutdown(wait=False, cancel_futures=True)

    app.cleanup_ctx.append(live)
    return app


if __name__ == "__main__":
    sys.exit(main())
