"""身份关联: one person's doors lead to one conversation as soon as we know it is one person."""

from __future__ import annotations

import structlog

from bot.channels.web_sessions import WebSessions
from bot.channels.wechat.account import Account, Caller
from bot.channels.wechat.errcodes import PlatformError
from bot.channels.wechat.people import ChannelIdentities
from bot.channels.wechat.settings import WeChatSettings

logger = structlog.get_logger(__name__)

_MINI = "mini"
_WECHAT = "wechat"


class Linking:
    """Links an Official Account's follower with the same person's mini-program, by unionid."""

    def __init__(
        self,
        account: Account,
        identities: ChannelIdentities,
        sessions: WebSessions,
        settings: WeChatSettings,
    ) -> None:
        self._account = account
        self._identities = identities
        self._sessions = sessions
        self._settings = settings

    async def follower(self, openid: str) -> str:
        """Return the conversation of a follower."""
        own = self._identities.own_conversation(_WECHAT, self._settings.app_id, openid)
        return await self._identities.conversation_of(own)

    async def mini_program(self, caller: Caller) -> str:
        """Return the conversation of whoever opened the mini-program."""
        own = self._identities.own_conversation(_MINI, self._settings.mini_app_id, caller.openid)
        if caller.unionid:
            for other in await self._identities.learn_union(own, caller.unionid):
                if other.startswith(f"{_WECHAT}-"):
                    await self._join(own, await self._identities.conversation_of(other))
        return await self._identities.conversation_of(own)

    async def learn(self, openid: str) -> None:
        """Find out once who a follower is, so that the mini-program leads here too."""
        own = self._identities.own_conversation(_WECHAT, self._settings.app_id, openid)
        if not self._settings.mini_app_id or await self._identities.union_known(own):
            return
        try:
            unionid = await self._account.unionid_of(openid)
        except PlatformError as error:
            logger.info("unionid.unknown", conversation=own, reason=error.reason)
            return
        if unionid:
            for other in await self._identities.learn_union(own, unionid):
                if other.startswith(f"{_MINI}-"):
                    await self._join(other, await self._identities.conversation_of(own))

    async def _join(self, mini: str, follower: str) -> None:
        """Let the mini-program lead to the follower's conversation, open pages too."""
        if await self._identities.conversation_of(mini) == follower:
            return
        await self._identities.link(mini, follower)
        await self._sessions.move(mini, follower)
        logger.info("identities.linked", conversation=follower)
