"""The office as one aiohttp application: the only place where its parts are put together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from aiohttp import web

from backend import api_document, events, health, idempotency
from backend.background import every
from backend.bodies import HANDLER_ARGS
from backend.canary import PERIOD_SECONDS as CANARY_PERIOD_SECONDS
from backend.canary import Canary, marks_of
from backend.cases import routes as cases
from backend.cases.earlier import expect_supplements
from backend.catalogue import routes as catalogue
from backend.catalogue.service import import_files
from backend.clock import Clock, OfficeClock
from backend.conversations import routes as conversations
from backend.conversion import converter, refusal
from backend.db import (
    START_PATIENCE_SECONDS,
    Transactor,
    connect,
    database,
    ensure_indexes,
    wait_until_there,
)
from backend.desk import routes as desk
from backend.desk_page import add_desk_page
from backend.earlier import seal_identities
from backend.handoffs import routes as handoffs
from backend.handoffs.clock import PERIOD_SECONDS, tick
from backend.handoffs.service import desk_hours
from backend.headers import add_headers, answer_headers
from backend.media import routes as media
from backend.numbers import INDEXES as COUNTER_INDEXES
from backend.office import OFFICE, Inside, Office
from backend.offices import routes as offices
from backend.people import routes as people
from backend.personal import routes as personal
from backend.personal.service import resume as go_on_erasing
from backend.privacy import Privacy
from backend.receipts import routes as receipts
from backend.replies import Replies, load_replies
from backend.reports import routes as reports
from backend.reports.earlier import give_ranks
from backend.routing import Capability, Endpoint
from backend.seed import seed_sample
from backend.settings import Settings
from backend.staff import routes as staff
from backend.staff.guesses import TELL_SECONDS, tell_locks
from backend.supervision import routes as supervision
from backend.wakeups import Wakeups

PREFIX = "/api/v1"
MAX_BODY_BYTES = 1024**2

# Every capability of the office stands here once: its routes and its indexes.
CAPABILITIES: tuple[Capability, ...] = (
    health.CAPABILITY,
    api_document.CAPABILITY,
    staff.CAPABILITY,
    conversations.CAPABILITY,
    handoffs.CAPABILITY,
    desk.CAPABILITY,
    catalogue.CAPABILITY,
    people.CAPABILITY,
    personal.CAPABILITY,
    cases.CAPABILITY,
    receipts.CAPABILITY,
    reports.CAPABILITY,
    media.CAPABILITY,
    offices.CAPABILITY,
    supervision.CAPABILITY,
)
CORE_INDEXES = (
    COUNTER_INDEXES,
    events.INDEXES,
    idempotency.INDEXES,
)


def create_app(settings: Settings, clock: Clock | None = None) -> web.Application:
    """Return the office as an application of its own."""
    app = web.Application(client_max_size=MAX_BODY_BYTES, handler_args=HANDLER_ARGS)
    mount(app, settings, clock, alone=True)
    return app


def mount(
    app: web.Application, settings: Settings, clock: Clock | None = None, *, alone: bool = False
) -> None:
    """Add the office to `app`, which may hold other rooms: only /api/ and /desk/ are ours.

    Args:
        app: made with `backend.bodies.HANDLER_ARGS`.
        settings: of the office.
        clock: gives the present moment; None for the machine's.
        alone: whether no other room is there, so that every path is ours.
    """
    app.middlewares.append(converter(alone=alone))
    add_headers(app, settings, alone=alone)
    replies = load_replies(settings.data_dir / "replies")

    async def opened(app: web.Application) -> AsyncIterator[None]:
        async with open_office(settings, replies, clock) as office:
            app[OFFICE] = office
            # An office that cannot tell when people answer says so now, not to a citizen.
            await desk_hours(office)
            async with (
                every(office, PERIOD_SECONDS, "handoffs", tick),
                every(office, TELL_SECONDS, "locks", tell_locks),
                every(office, CANARY_PERIOD_SECONDS, "canary", look),
                every(office, PERIOD_SECONDS, "erasures", go_on_erasing),
            ):
                yield

    async def closing(app: web.Application) -> None:
        app[OFFICE].wakeups.close()

    app.cleanup_ctx.append(opened)
    app.on_shutdown.append(closing)
    for endpoint in endpoints():
        app.router.add_route(endpoint.method, PREFIX + endpoint.path, endpoint.__call__)
    app[api_document.ENDPOINTS] = endpoints()
    api_document.add_human_page(app)
    add_desk_page(app, settings.static_dir_desk)


async def look(office: Inside) -> None:
    """See how the store is, so that the log and the metric tell though nobody asks."""
    await office.canary.state()


def refuse(app: web.Application, status: int) -> web.Response:
    """Return the office's answer to what no middleware sees: broken HTTP, an unmet `Expect`."""
    answer = refusal(app, status)
    # Not every such answer passes the signal of the headers, and aiohttp would tell its version.
    answer.headers.update(answer_headers(app[OFFICE].settings, page=False) | {"Server": "paoyici"})
    return answer


def endpoints() -> list[Endpoint]:
    """Return every route of the office."""
    return [endpoint for capability in CAPABILITIES for endpoint in capability.endpoints]


@contextlib.asynccontextmanager
async def open_office(
    settings: Settings,
    replies: Replies,
    clock: Clock | None = None,
    patience: float = START_PATIENCE_SECONDS,
) -> AsyncIterator[Office]:
    """Give the open office: indexes made, sample district seeded where wanted, wake-ups heard.

    Args:
        settings: where its servers are.
        replies: its words.
        clock: what time it is for it; None for the machine's.
        patience: seconds to wait for the database.

    Raises:
        StorageError: the database does not answer.
        SettingsError: a key is not the one the database was written with.
    """
    client = connect(settings.mongodb_uri)
    store = database(client, settings.mongodb_database)
    privacy = Privacy(settings.data_keys, settings.blind_index_key)
    office = Office(
        settings=settings,
        database=store,
        transactor=Transactor(store),
        clock=clock or OfficeClock(),
        privacy=privacy,
        replies=replies,
        wakeups=Wakeups(settings.redis_url),
        canary=Canary(
            store,
            privacy,
            marks_of(settings, privacy),
            settings.store_dir,
            settings.least_free_mb * 1024**2,
        ),
    )
    indexes = [*CORE_INDEXES, *(capability.indexes for capability in CAPABILITIES)]
    try:
        await wait_until_there(store, patience)
        await office.canary.begin()
        await office.canary.settle()
        await ensure_indexes(store, indexes)
        await import_files(office)
        await give_ranks(office)
        await idempotency.forget_reveals(office)
        await seal_identities(office)
        await expect_supplements(office)
        async with office.wakeups.running():
            if settings.seed_sample:
                await seed_sample(office)
            yield office
    finally:
        await office.canary.end()
        office.intake.shutdown(wait=False)
        # The driver says good-bye to the server on a blocking socket.
        await asyncio.to_thread(client.close)
