"""拉取: reads what a callback announced, page by page, into the inbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

import structlog
from pymongo.errors import PyMongoError

from bot.background import Background
from bot.channels.wechat.errcodes import PlatformError
from bot.channels.wecom.account import KfAccount
from bot.channels.wecom.cursors import KfCursors
from bot.channels.wecom.parse import KfMessage, read_kf_message
from bot.errors import LeaseLostError
from bot.lease_store import Lease
from bot.wakeups import Wakeups

logger = structlog.get_logger(__name__)

NEWS = "wecom:news"
_AFTER_FAILURE = 1.0

Accept = Callable[[KfMessage], Awaitable[None]]


class KfReader(Background):
    """Reads the accounts with news; the cursor moves only after the inbox has the page."""

    work_name: ClassVar[str] = "wecom-reader"

    def __init__(
        self,
        *,
        account: KfAccount,
        cursors: KfCursors,
        accept: Accept,
        wakeups: Wakeups,
        poll_seconds: float,
    ) -> None:
        self._account = account
        self._cursors = cursors
        self._accept = accept
        self._wakeups = wakeups
        self._poll_seconds = poll_seconds

    async def read_all(self) -> bool:
        """Read every account with news; say whether nothing is left that failed."""
        whole = True
        for desk in await self._cursors.unread():
            if lease := await self._cursors.leases.take(desk):
                try:
                    await self._read(lease)
                except PlatformError as error:
                    logger.warning("wecom.not_read", reason=error.reason)
                    whole = False
                finally:
                    await self._cursors.leases.release(lease)
        return whole

    async def _read(self, lease: Lease) -> None:
        """Read one account to its end."""
        told, cursor = lease.document["told"], lease.document["cursor"]
        while True:
            page = await self._account.sync(lease.id, cursor, lease.document["token"])
            for row in page.get("msg_list") or []:
                if isinstance(row, dict) and (message := read_kf_message(row)):
                    await self._accept(message)
            cursor = str(page.get("next_cursor") or cursor)
            await self._cursors.advance(lease, cursor)
            if not page.get("has_more"):
                break
            lease = await self._cursors.leases.keep(lease)
        await self._cursors.finish(lease, told)

    async def _run(self) -> None:
        """Read for ever: at once after a callback, and again after a failure."""
        with self._wakeups.listen(NEWS) as bell:
            while True:
                whole = await self._guarded()
                await bell.wait(self._poll_seconds if whole else _AFTER_FAILURE)

    async def _guarded(self) -> bool:
        """Read; what fails here is tried again."""
        try:
            return await self.read_all()
        except LeaseLostError:
            logger.info("wecom.lease_lost")
        except PyMongoError as error:
            logger.warning("store.away", error=type(error).__name__)
        return False
