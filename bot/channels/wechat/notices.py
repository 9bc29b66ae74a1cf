"""进度通知: a notice goes out on a subscription consent, where the citizen gave one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

import structlog

from bot.channels.wechat.account import Account
from bot.channels.wechat.consents import Consents
from bot.channels.wechat.errcodes import Course, PlatformError
from bot.channels.wechat.mini import MiniProgram, mini_openid
from bot.channels.wechat.settings import WeChatSettings
from bot.inbox.model import Address
from bot.outbox.model import Outgoing

logger = structlog.get_logger(__name__)

_OFFICE_TIME = ZoneInfo("Asia/Shanghai")
_LONGEST_THING = 20
"""Characters a `thing` field of a template takes."""

Send = Callable[[str], Awaitable[None]]


class Notices:
    """Sends the office's notices as 订阅通知 and 订阅消息, one a consent."""

    def __init__(
        self,
        account: Account,
        mini: MiniProgram | None,
        consents: Consents,
        settings: WeChatSettings,
        page: str,
    ) -> None:
        self._account = account
        self._mini = mini
        self._consents = consents
        self._template = settings.progress_template
        self._fields = settings.progress_fields
        self._page = page

    async def send(self, address: Address, reply: Outgoing) -> bool:
        """Send a notice, first as the account, then as the mini-program.

        Returns:
            False where neither may: that leaves it to a customer message.
        """
        if reply.inbox_id is not None:
            return False
        return await self._as_account(address, reply) or await self._as_mini(address, reply)

    async def _as_account(self, address: Address, reply: Outgoing) -> bool:
        """Send it on a consent given to the Official Account."""
        if mini_openid(address.identity):
            return False

        async def send(_: str) -> None:
            data = _data(self._fields, reply)
            await self._account.send_subscribed(address.identity, self._template, data, self._page)

        return await self._on_consent(address, reply, self._template, send)

    async def _as_mini(self, address: Address, reply: Outgoing) -> bool:
        """Send it on a consent given in the mini-program."""
        mini = self._mini
        if mini is None:
            return False

        async def send(to: str) -> None:
            await mini.send(to, _data(mini.fields, reply))

        return await self._on_consent(address, reply, mini.template, send)

    async def _on_consent(
        self, address: Address, reply: Outgoing, template: str, send: Send
    ) -> bool:
        """Spend a consent on a notice; one that is worth nothing takes the others with it."""
        cid = address.conversation_id
        consent = await self._consents.spend(cid, template, reply.id) if template else None
        if consent is None:
            return False
        try:
            await send(consent.to)
        except PlatformError as error:
            logger.warning("notice.refused", reply=reply.id, reason=error.reason)
            if error.course is Course.GIVE_UP:
                # Refused for good (43101: the citizen does not want them any more).
                await self._consents.withdraw(cid, template)
            return False
        return True


def _data(fields: str, reply: Outgoing) -> dict[str, str]:
    """Return a template's fields, filled in."""
    text = str(reply.body.get("text", ""))
    values = {
        "text": text if len(text) <= _LONGEST_THING else f"{text[: _LONGEST_THING - 1]}…",
        "time": reply.at.astimezone(_OFFICE_TIME).strftime("%Y-%m-%d %H:%M"),
    }
    pairs = [pair.split("=", 1) for pair in fields.split(";") if "=" in pair]
    return {name: pattern.format(**values) for name, pattern in pairs}
