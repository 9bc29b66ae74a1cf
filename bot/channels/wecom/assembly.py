"""The one place where the WeCom channel's parts are put together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TypedDict

from pydantic import SecretStr

from bot.channels.base import Completed
from bot.channels.platform import Complete
from bot.channels.wechat.assembly import Parts, media_fetcher
from bot.channels.wechat.callback import CallbackReader
from bot.channels.wechat.client import Client
from bot.channels.wechat.crypto import Sealing
from bot.channels.wechat.delivery import Delivery, SendArticle, SendText
from bot.channels.wechat.guests import Guests
from bot.channels.wechat.nonces import Nonces
from bot.channels.wechat.offers import Offers
from bot.channels.wechat.people import ChannelIdentities
from bot.channels.wechat.pictures import Pictures
from bot.channels.wechat.quota import Counting, Quota
from bot.channels.wechat.render import said_in_words
from bot.channels.wechat.tokens import Tokens
from bot.channels.wechat.windows import Windows
from bot.channels.wecom.account import KfAccount, token_fetcher
from bot.channels.wecom.app import AppAccount, AppDoor, NoQuota, app_user
from bot.channels.wecom.arrival import Arrival, identity_of
from bot.channels.wecom.channel import WeComChannel
from bot.channels.wecom.cursors import KfCursors
from bot.channels.wecom.reader import KfReader
from bot.channels.wecom.settings import WeComSettings
from bot.channels.wecom.welcomes import LIFE, Welcomes
from bot.inbox.model import Address, Received
from bot.outbox.model import Outgoing

_PAGE = "/"


def build_wecom(settings: WeComSettings, parts: Parts) -> WeComChannel:
    """Put the channel together; nothing is asked over the network."""
    client = _client(settings, parts, f"wecom:{settings.corp_id}", settings.secret)
    account = KfAccount(client)
    welcomes = Welcomes(parts.database, parts.clock)
    offers = Offers(parts.database, parts.envelope)
    quota = Quota(
        parts.database,
        "wecom",
        {
            "message": (settings.messages_per_window, timedelta(hours=settings.window_hours)),
            "event": (1, LIFE),
        },
        parts.clock,
    )

    async def send(address: Address, text: str, key: str) -> None:
        """Send a message, as the greeting where a code for one is there."""
        customer, desk = identity_of(address)
        if code := await welcomes.take(address.conversation_id):
            await account.welcome(code, text, key)
        else:
            await account.send_text(customer, desk, text, key)

    async def show(address: Address, media_id: str, key: str) -> None:
        """Send a picture."""
        customer, desk = identity_of(address)
        await account.send_image(customer, desk, media_id, key)

    pictures = Pictures(parts.http, client, quota, parts.public_url, show)
    delivery = _delivery(parts, offers, quota, send, pictures)
    media = media_fetcher(parts, client)

    async def complete(_: Address, message: Received) -> Completed:
        """Fetch what a citizen sent."""
        return await media.complete(message)

    cursors = KfCursors(parts.database, parts.clock, parts.owner)
    arrival = Arrival(
        corp_id=settings.corp_id,
        identities=ChannelIdentities(parts.database, parts.hashing, parts.clock),
        inbox=parts.inbox,
        outbox=parts.outbox,
        offers=offers,
        quota=quota,
        welcomes=welcomes,
        wakeups=parts.wakeups,
    )
    return WeComChannel(
        max_body_bytes=settings.max_body_bytes,
        reader=_reader(settings, parts, settings.token, settings.aes_keys),
        cursors=cursors,
        news=KfReader(
            account=account,
            cursors=cursors,
            accept=arrival.accept,
            wakeups=parts.wakeups,
            poll_seconds=settings.poll_seconds,
        ),
        delivery=delivery,
        complete=complete,
        wakeups=parts.wakeups,
        **_app_parts(settings, parts, offers),
    )


def _delivery(
    parts: Parts,
    offers: Offers,
    quota: Counting,
    send: SendText,
    pictures: Pictures,
    send_article: SendArticle | None = None,
) -> Delivery:
    """Return the delivery of one of WeCom's doors; what else it is made of is the same for both."""
    return Delivery(
        name="wecom",
        windows=Windows(parts.database, parts.envelope, parts.clock),
        guests=Guests(),
        quota=quota,
        offers=offers,
        words=parts.words.labels,
        origin=parts.public_url,
        page=_PAGE,
        press=said_in_words,
        send=send,
        subscribed=_no_subscriptions,
        clock=parts.clock,
        send_article=send_article,
        pictures=pictures,
    )


class _AppParts(TypedDict):
    """What the channel needs for the company's own app."""

    app: AppDoor | None
    app_delivery: Delivery | None
    complete_app: Complete | None


def _app_parts(settings: WeComSettings, parts: Parts, offers: Offers) -> _AppParts:
    """Return the parts of the 自建应用, none where there is none."""
    if not settings.app_agent_id:
        return _AppParts(app=None, app_delivery=None, complete_app=None)
    agent = settings.app_agent_id
    client = _client(settings, parts, f"wecom:{settings.corp_id}:{agent}", settings.app_secret)
    account = AppAccount(client, agent)
    quota = NoQuota()
    media = media_fetcher(parts, client)

    async def send(address: Address, text: str, _: str) -> None:
        """Send an application message."""
        await account.send_text(app_user(address), text)

    async def show(address: Address, media_id: str, _: str) -> None:
        """Send a picture."""
        await account.send_image(app_user(address), media_id)

    async def complete(_: Address, message: Received) -> Completed:
        """Fetch what somebody sent to the app."""
        return await media.complete(message)

    pictures = Pictures(parts.http, client, quota, parts.public_url, show)
    delivery = _delivery(
        parts,
        offers,
        quota,
        send,
        pictures,
        lambda address, article: account.send_article(app_user(address), article),
    )
    door = AppDoor(
        corp_id=settings.corp_id,
        agent_id=agent,
        max_body_bytes=settings.max_body_bytes,
        reader=_reader(settings, parts, settings.app_token, settings.app_aes_keys),
        identities=ChannelIdentities(parts.database, parts.hashing, parts.clock),
        inbox=parts.inbox,
        offers=offers,
        wakeups=parts.wakeups,
    )
    return _AppParts(app=door, app_delivery=delivery, complete_app=complete)


def _client(settings: WeComSettings, parts: Parts, name: str, secret: SecretStr) -> Client:
    """Return the API of one of the company's apps, with a token shared by all processes."""
    fetch = token_fetcher(parts.http, settings, secret)
    tokens = Tokens(parts.database, parts.envelope, name, fetch, parts.clock, parts.owner)
    return Client(parts.http, settings.api_url, tokens)


def _reader(
    settings: WeComSettings, parts: Parts, token: SecretStr, keys: Sequence[SecretStr]
) -> CallbackReader:
    """Return what opens the callbacks of one configuration."""
    word = token.get_secret_value()
    sealing = Sealing(word, [key.get_secret_value() for key in keys], settings.corp_id)
    nonces = Nonces(parts.database, settings.replay_seconds, parts.clock)
    return CallbackReader(word, sealing, "sealed", nonces)


async def _no_subscriptions(_: Address, __: Outgoing) -> bool:
    """Say that 微信客服 has no subscription messages."""
    return False
