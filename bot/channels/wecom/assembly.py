"""The one place where the WeCom channel's parts are put together."""

from __future__ import annotations

from datetime import timedelta

from bot.channels.base import Completed
from bot.channels.wechat.assembly import Parts, media_fetcher
from bot.channels.wechat.callback import CallbackReader
from bot.channels.wechat.client import Client
from bot.channels.wechat.crypto import Sealing
from bot.channels.wechat.delivery import Delivery
from bot.channels.wechat.guests import Guests
from bot.channels.wechat.nonces import Nonces
from bot.channels.wechat.offers import Offers
from bot.channels.wechat.people import ChannelIdentities
from bot.channels.wechat.quota import Quota
from bot.channels.wechat.render import said_in_words
from bot.channels.wechat.tokens import Tokens
from bot.channels.wechat.windows import Windows
from bot.channels.wecom.account import KfAccount, token_fetcher
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
    tokens = Tokens(
        parts.database,
        parts.envelope,
        f"wecom:{settings.corp_id}",
        token_fetcher(parts.http, settings),
        parts.clock,
        parts.owner,
    )
    client = Client(parts.http, settings.api_url, tokens)
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

    delivery = Delivery(
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
    )
    media = media_fetcher(parts, client)

    async def complete(_: Address, message: Received) -> Completed:
        """Fetch what a citizen sent."""
        return await media.complete(message)

    cursors = KfCursors(parts.database, parts.clock, parts.owner)
    arrival = Arrival(
        corp_id=settings.corp_id,
        identities=ChannelIdentities(parts.database, parts.token_key, parts.clock),
        inbox=parts.inbox,
        outbox=parts.outbox,
        offers=offers,
        quota=quota,
        welcomes=welcomes,
        wakeups=parts.wakeups,
    )
    token = settings.token.get_secret_value()
    sealing = Sealing(
        token, [key.get_secret_value() for key in settings.aes_keys], settings.corp_id
    )
    return WeComChannel(
        max_body_bytes=settings.max_body_bytes,
        reader=CallbackReader(
            token,
            sealing,
            "sealed",
            Nonces(parts.database, settings.replay_seconds, parts.clock),
        ),
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
    )


async def _no_subscriptions(_: Address, __: Outgoing) -> bool:
    """Say that 微信客服 has no subscription messages."""
    return False
