"""进度通知: a notice goes out on a subscription consent, where the citizen gave one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import structlog

from bot.channels.wechat.account import Account
from bot.channels.wechat.consents import Consents
from bot.channels.wechat.errcodes import Course, PlatformError
from bot.channels.wechat.settings import WeChatSettings
from bot.inbox.model import Address
from bot.outbox.model import Outgoing

logger = structlog.get_logger(__name__)

_OFFICE_TIME = ZoneInfo("Asia/Shanghai")
_LONGEST_THING = 20
"""Characters a `thing` field of a template takes."""


class Notices:
    """Sends the office's notices as 订阅通知, one a consent."""

    def __init__(
        self, account: Account, consents: Consents, settings: WeChatSettings, page: str
    ) -> None:
        self._account = account
        self._consents = consents
        self._template = settings.progress_template
        self._fields = settings.progress_fields
        self._page = page

    async def send(self, address: Address, reply: Outgoing) -> bool:
        """Send a notice; False leaves it to a customer message."""
        cid = address.conversation_id
        if not self._template or reply.inbox_id is not None:
            return False
        if not await self._consents.spend(cid, self._template, reply.id):
            return False
        try:
            await self._account.send_subscribed(
                address.identity, self._template, self._data(reply), self._page
            )
        except PlatformError as error:
            logger.warning("notice.refused", reply=reply.id, reason=error.reason)
            if error.course is Course.GIVE_UP:
                # Refused for good: the other consents of this template are worth nothing either.
                await self._consents.withdraw(cid, self._template)
            return False
        return True

    def _data(self, reply: Outgoing) -> dict[str, str]:
        """Return the template's fields, filled in."""
        text = str(reply.body.get("text", ""))
        values = {
            "text": text if len(text) <= _LONGEST_THING else f"{text[: _LONGEST_THING - 1]}…",
            "time": reply.at.astimezone(_OFFICE_TIME).strftime("%Y-%m-%d %H:%M"),
        }
        pairs = [pair.split("=", 1) for pair in self._fields.split(";") if "=" in pair]
        return {name: pattern.format(**values) for name, pattern in pairs}
