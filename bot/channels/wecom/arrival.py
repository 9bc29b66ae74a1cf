"""到达: a message that was read goes into the inbox, once, with what it allows us to send."""

from __future__ import annotations

from bot.channels.wechat.offers import Offers
from bot.channels.wechat.people import ChannelIdentities
from bot.channels.wechat.quota import Quota
from bot.channels.wecom.parse import KfMessage
from bot.channels.wecom.welcomes import Welcomes
from bot.inbox.model import Address
from bot.inbox.store import Inbox
from bot.metrics import ACCEPTED
from bot.outbox.store import Outbox
from bot.turns.pool import WORK
from bot.wakeups import Wakeups

_CHANNEL = "wecom"


def identity_of(address: Address) -> tuple[str, str]:
    """Return the citizen and the customer service account of an address."""
    customer, _, desk = address.identity.partition("@")
    return customer, desk


class Arrival:
    """Takes messages in."""

    def __init__(
        self,
        *,
        corp_id: str,
        identities: ChannelIdentities,
        inbox: Inbox,
        outbox: Outbox,
        offers: Offers,
        quota: Quota,
        welcomes: Welcomes,
        wakeups: Wakeups,
    ) -> None:
        self._corp_id = corp_id
        self._identities = identities
        self._inbox = inbox
        self._outbox = outbox
        self._offers = offers
        self._quota = quota
        self._welcomes = welcomes
        self._wakeups = wakeups

    async def accept(self, message: KfMessage) -> None:
        """Store a message and let work begin; a page that is read twice changes nothing."""
        identity = f"{message.customer}@{message.desk}"
        own = self._identities.own_conversation(_CHANNEL, self._corp_id, identity)
        cid = await self._identities.conversation_of(own)
        address = Address(cid, _CHANNEL, identity)
        body = message.body
        text = str(body.get("text", ""))
        if body["kind"] == "text" and (
            payload := await self._offers.chosen(cid, message.menu_id, text)
        ):
            body = {"kind": "button", "text": text, "payload": payload}
        # `own` names the company, the account and the sender: a msgid alone may be two people's.
        accepted = await self._inbox.accept(address, f"{own}:{message.id}", body)
        ACCEPTED.labels(_CHANNEL, str(accepted.duplicate).lower()).inc()
        if accepted.duplicate:
            return
        if message.welcome_code:
            await self._welcomes.keep(cid, message.welcome_code)
        if message.grant:
            await self._quota.renew(cid, message.grant, message.at)
            await self._outbox.release(cid)
            await self._outbox.unpark(cid)
        self._wakeups.ring(f"{WORK}:{cid}")
