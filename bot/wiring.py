"""The one place where the door's parts are put together."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.canary import Canary
from bot.channels.base import Channel
from bot.channels.upload_quota import UploadQuota
from bot.channels.web import Limits, WebChannel
from bot.channels.web_first import FirstMessages
from bot.channels.web_media import LooseFiles, WebMedia
from bot.channels.web_sessions import EndedElsewhere, WebSessions
from bot.channels.web_socket import Sockets
from bot.channels.web_wait import Waiter
from bot.channels.wechat.assembly import Parts, build_wechat
from bot.channels.wechat.words import ChannelWords
from bot.channels.wecom.assembly import build_wecom
from bot.clock import Clock
from bot.db import Client, Database, connect, ensure_indexes, wait_until_there
from bot.dialogue import Dialogue
from bot.feed.reader import FeedReader
from bot.feed.store import Cursors
from bot.hashing import Hashing
from bot.health import Health
from bot.http import HttpClient
from bot.inbox.set_aside import SetAsideCount
from bot.inbox.store import Inbox
from bot.lease_store import Leases
from bot.office import Office
from bot.outbox.reporting import DeliveryReporter
from bot.outbox.said import Said
from bot.outbox.sender import Sender
from bot.outbox.store import Outbox
from bot.personal.copier import Copier
from bot.personal.eraser import Eraser
from bot.personal.store import Personal
from bot.privacy import Envelope
from bot.replies import Replies
from bot.settings import Settings
from bot.turns.pool import TurnPool
from bot.turns.store import TurnBook
from bot.turns.turn import Turns
from bot.visitors import Visitors
from bot.wakeups import Wakeups


@dataclass
class Door:
    """Every part of the door, made but not started."""

    http: HttpClient
    client: Client
    database: Database
    inbox: Inbox
    outbox: Outbox
    wakeups: Wakeups
    office: Office
    dialogue: Dialogue
    cursors: Cursors
    leases: Leases
    sessions: WebSessions
    sender: Sender
    pool: TurnPool
    feed: FeedReader
    reporter: DeliveryReporter
    eraser: Eraser
    copier: Copier
    channels: dict[str, Channel]
    canary: Canary
    hashing: Hashing
    set_aside: SetAsideCount
    health: Health

    async def prepare(self) -> None:
        """Create what the database has to have.

        Raises:
            SettingsError: a key is not the one the database was written with.
        """
        await wait_until_there(self.database)
        await self.canary.begin()
        await self.hashing.open(await self.canary.token_key())
        await self.canary.settle()
        await ensure_indexes(self.database)
        await self.inbox.seal_identities()
        await self.cursors.open()
        await self.sessions.prepare()


OfficeOf = Callable[[HttpClient, str, str], Office]
"""Makes the client of the office from the door's connections, the office's URL and the token."""


def build_door(
    settings: Settings, replies: Replies, clock: Clock, office_of: OfficeOf = Office
) -> Door:
    """Put the parts together; nothing is started and nothing is asked over the network."""
    http = HttpClient()
    client = connect(settings.mongodb_uri)
    database = client[settings.mongodb_database]
    envelope = Envelope(settings.data_keys)
    canary = Canary(database, envelope, settings)
    hashing = Hashing(database, envelope)
    inbox = Inbox(database, envelope, clock)
    outbox = Outbox(database, envelope, clock)
    wakeups = Wakeups(settings.redis_url, settings.mongodb_database)
    office = office_of(http, settings.backend_url, settings.service_tokens[0])
    dialogue = Dialogue(http, settings.dialogue_urls)
    said = Said()
    channels: dict[str, Channel] = {}
    visitors = Visitors(settings.trusted_proxies, wakeups)
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    parts = Parts(
        http=http,
        database=database,
        envelope=envelope,
        inbox=inbox,
        outbox=outbox,
        office=office,
        wakeups=wakeups,
        sessions=WebSessions(
            database,
            settings.token_keys,
            hashing,
            timedelta(minutes=settings.session_idle_minutes),
            clock,
        ),
        media=WebMedia(database, clock),
        quota=UploadQuota(
            database,
            hashing,
            conversation_bytes=settings.upload_conversation_bytes,
            address_bytes=settings.upload_address_bytes,
            clock=clock,
        ),
        visitors=visitors,
        logins_per_minute=settings.logins_per_minute,
        codes_per_hour=settings.codes_per_hour,
        words=ChannelWords.load(settings.data_dir),
        hashing=hashing,
        public_url=settings.public_url,
        max_media_bytes=settings.max_media_bytes,
        owner=owner,
        clock=clock,
    )
    channels["web"] = _web_channel(settings, replies, parts, said)
    if settings.wechat.on:
        channels["wechat"] = build_wechat(settings.wechat, parts)
    if settings.wecom.on:
        channels["wecom"] = build_wecom(settings.wecom, parts)
    leases = Leases(inbox.mailboxes, owner, settings.lease_seconds, clock)
    cursors = Cursors(database)
    sender = Sender(outbox, office, channels, clock)
    turns = Turns(
        inbox=inbox,
        outbox=outbox,
        book=TurnBook(client, inbox, outbox),
        office=office,
        dialogue=dialogue,
        replies=replies,
        clock=clock,
        channels=channels,
        said=said,
        leases=leases,
        turn_seconds=settings.turn_seconds,
        hand_over_seconds=settings.hand_over_seconds,
    )
    pool = TurnPool(
        inbox=inbox,
        outbox=outbox,
        sender=sender,
        turns=turns,
        leases=leases,
        wakeups=wakeups,
        clock=clock,
        office=office,
        workers=settings.turn_workers,
        poll_seconds=settings.poll_seconds,
    )
    dialogue.back = pool.hurry
    set_aside = SetAsideCount(inbox)
    feed = FeedReader(
        cursors=cursors,
        leases=Leases(cursors.collection, owner, settings.lease_seconds, clock),
        office=office,
        inbox=inbox,
        outbox=outbox,
        wakeups=wakeups,
    )
    personal = Personal(database, envelope, clock)
    return Door(
        http=http,
        client=client,
        database=database,
        inbox=inbox,
        outbox=outbox,
        wakeups=wakeups,
        office=office,
        dialogue=dialogue,
        cursors=cursors,
        leases=leases,
        sessions=parts.sessions,
        sender=sender,
        pool=pool,
        feed=feed,
        reporter=DeliveryReporter(outbox, office),
        eraser=Eraser(personal, dialogue, office),
        copier=Copier(personal, dialogue, office),
        channels=channels,
        canary=canary,
        hashing=hashing,
        set_aside=set_aside,
        health=Health(canary, wakeups, office, dialogue, set_aside),
    )


def _web_channel(settings: Settings, replies: Replies, parts: Parts, said: Said) -> WebChannel:
    """Put the web channel together."""
    sockets = Sockets(
        sessions=parts.sessions,
        inbox=parts.inbox,
        outbox=parts.outbox,
        office=parts.office,
        wakeups=parts.wakeups,
        replies=replies,
        poll_seconds=settings.poll_seconds,
    )
    return WebChannel(
        sessions=parts.sessions,
        media=parts.media,
        first=FirstMessages(
            parts.visitors,
            per_minute=settings.openings_per_minute,
            longest=settings.opening_delay_seconds,
            clock=parts.clock,
        ),
        quota=parts.quota,
        visitors=parts.visitors,
        inbox=parts.inbox,
        office=parts.office,
        wakeups=parts.wakeups,
        sockets=sockets,
        waiter=Waiter(parts.inbox, parts.outbox, said),
        limits=Limits(
            messages_per_minute=settings.messages_per_minute,
            max_media_bytes=settings.max_media_bytes,
            uploads_at_once=settings.uploads_at_once,
        ),
        background=(
            EndedElsewhere(parts.sessions, parts.wakeups),
            LooseFiles(parts.media, parts.office),
        ),
    )
