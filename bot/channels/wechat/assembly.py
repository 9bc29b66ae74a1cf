"""The one place where the WeChat channel's parts are put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr

from bot.channels.base import Completed
from bot.channels.upload_quota import UploadQuota
from bot.channels.web_media import WebMedia
from bot.channels.web_sessions import WebSessions
from bot.channels.wechat.account import Account, token_fetcher
from bot.channels.wechat.callback import CallbackReader
from bot.channels.wechat.channel import WeChatChannel
from bot.channels.wechat.client import Client
from bot.channels.wechat.consents import Consents
from bot.channels.wechat.crypto import Sealing
from bot.channels.wechat.delivery import Delivery
from bot.channels.wechat.entrance import PAGE, Entrance
from bot.channels.wechat.linking import Linking
from bot.channels.wechat.media import MediaFetcher
from bot.channels.wechat.mini import MiniProgram, mini_openid
from bot.channels.wechat.nonces import Nonces
from bot.channels.wechat.notices import Notices
from bot.channels.wechat.offers import Offers
from bot.channels.wechat.people import ChannelIdentities
from bot.channels.wechat.pictures import Pictures
from bot.channels.wechat.quota import Quota
from bot.channels.wechat.render import pressed_in_wechat
from bot.channels.wechat.settings import WeChatSettings
from bot.channels.wechat.tickets import TicketPages, Tickets
from bot.channels.wechat.tokens import Tokens
from bot.channels.wechat.waiting import PassiveReply
from bot.channels.wechat.windows import Windows
from bot.channels.wechat.words import ChannelWords
from bot.clock import Clock
from bot.db import Database
from bot.hashing import Hashing
from bot.http import HttpClient
from bot.inbox.model import Address, Received
from bot.inbox.store import Inbox
from bot.office import Office
from bot.outbox.store import Outbox
from bot.privacy import Envelope
from bot.visitors import Visitors
from bot.wakeups import Wakeups

_AFTER_EVENT = 3
"""Customer messages allowed within a minute of a menu click, a follow or a scan."""


@dataclass(frozen=True)
class Parts:
    """What a messaging-app channel shares with the rest of the door."""

    http: HttpClient
    database: Database
    envelope: Envelope
    inbox: Inbox
    outbox: Outbox
    office: Office
    wakeups: Wakeups
    sessions: WebSessions
    media: WebMedia
    quota: UploadQuota
    visitors: Visitors
    logins_per_minute: int
    codes_per_hour: int
    words: ChannelWords
    hashing: Hashing
    public_url: str
    max_media_bytes: int
    owner: str
    clock: Clock


def build_wechat(settings: WeChatSettings, parts: Parts) -> WeChatChannel:
    """Put the channel together; nothing is asked over the network."""
    client = _client(parts, settings.api_url, settings.app_id, settings.app_secret)
    account = Account(parts.http, client, settings)
    identities = ChannelIdentities(parts.database, parts.hashing, parts.clock)
    linking = Linking(account, identities, parts.sessions, settings)
    consents = Consents(parts.database, parts.envelope, parts.clock)
    mini = _mini_program(settings, parts, consents)
    notices = Notices(account, mini, consents, settings, parts.public_url + PAGE)
    windows = Windows(parts.database, parts.envelope, parts.clock)
    offers = Offers(parts.database, parts.envelope)
    quota = Quota(
        parts.database,
        "wechat",
        {
            "message": (settings.messages_per_window, timedelta(hours=settings.window_hours)),
            "event": (_AFTER_EVENT, timedelta(minutes=1)),
        },
        parts.clock,
    )

    async def send(address: Address, text: str, _: str) -> None:
        """Send a customer message; the platform knows no key that would make it happen once."""
        await account.send_text(address.identity, text)

    async def show(address: Address, media_id: str, _: str) -> None:
        """Send a picture."""
        await account.send_image(address.identity, media_id)

    passive = PassiveReply(
        windows, parts.inbox, parts.outbox, parts.wakeups, settings.passive_seconds
    )
    delivery = Delivery(
        name="wechat",
        windows=windows,
        guests=passive.guests,
        quota=quota,
        offers=offers,
        words=parts.words.labels,
        origin=parts.public_url,
        page=PAGE,
        press=pressed_in_wechat,
        send=send,
        subscribed=notices.send,
        clock=parts.clock,
        at_page=lambda address: bool(mini_openid(address.identity)),
        send_article=lambda address, article: account.send_article(address.identity, article),
        pictures=Pictures(parts.http, client, quota, parts.public_url, show),
    )
    media = media_fetcher(parts, client)

    async def complete(address: Address, message: Received) -> Completed:
        """Learn who a follower is, and fetch what they sent."""
        if not mini_openid(address.identity):
            await linking.learn(address.identity)
        return await media.complete(message)

    sealing = _sealing(settings)
    token = settings.token.get_secret_value()
    nonces = Nonces(parts.database, settings.replay_seconds, parts.clock)
    entrance = Entrance(
        account=account,
        linking=linking,
        sessions=parts.sessions,
        inbox=parts.inbox,
        mini=mini,
        settings=settings,
        origin=parts.public_url,
        visitors=parts.visitors,
        logins_per_minute=parts.logins_per_minute,
    )
    codes = TicketPages(
        Tickets(parts.database, client, parts.clock),
        parts.office,
        parts.wakeups,
        parts.visitors,
        parts.codes_per_hour,
    )
    return WeChatChannel(
        app_id=settings.app_id,
        max_body_bytes=settings.max_body_bytes,
        reader=CallbackReader(token, sealing, settings.mode, nonces),
        sealing=sealing,
        inbox=parts.inbox,
        outbox=parts.outbox,
        wakeups=parts.wakeups,
        identities=identities,
        offers=offers,
        quota=quota,
        consents=consents,
        passive=passive,
        delivery=delivery,
        complete=complete,
        routes=[*entrance.routes(), *codes.routes()],
        clock=parts.clock,
    )


def media_fetcher(parts: Parts, client: Client) -> MediaFetcher:
    """Return what fetches photos and recordings over a platform's API."""
    return MediaFetcher(
        client=client,
        path="/cgi-bin/media/get",
        inbox=parts.inbox,
        office=parts.office,
        media=parts.media,
        quota=parts.quota,
        words=parts.words,
        max_bytes=parts.max_media_bytes,
    )


def _client(parts: Parts, api_url: str, app_id: str, secret: SecretStr) -> Client:
    """Return the API of one app, with a token shared by all processes."""
    fetch = token_fetcher(parts.http, api_url, app_id, secret)
    name = f"wechat:{app_id}"
    tokens = Tokens(parts.database, parts.envelope, name, fetch, parts.clock, parts.owner)
    return Client(parts.http, api_url, tokens)


def _mini_program(settings: WeChatSettings, parts: Parts, consents: Consents) -> MiniProgram | None:
    """Return the mini-program's API, None without one."""
    if not settings.mini_app_id:
        return None
    client = _client(parts, settings.api_url, settings.mini_app_id, settings.mini_app_secret)
    return MiniProgram(client, consents, settings)


def _sealing(settings: WeChatSettings) -> Sealing | None:
    """Return what opens and seals messages, None in plain mode without keys."""
    if not settings.aes_keys:
        return None
    keys = [key.get_secret_value() for key in settings.aes_keys]
    return Sealing(settings.token.get_secret_value(), keys, settings.app_id)
