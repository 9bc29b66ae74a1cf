"""小程序: its notices, which it may send once for each consent given in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.channels.wechat.account import Caller
from bot.channels.wechat.client import Client
from bot.channels.wechat.consents import Consents
from bot.channels.wechat.settings import WeChatSettings

IDENTITY = "mini:"
"""Beginning of the identity of somebody who only uses the mini-program."""
_LONGEST = 128


def mini_openid(identity: str) -> str:
    """Return the openid of a mini-program's user, empty for a follower."""
    return identity.removeprefix(IDENTITY) if identity.startswith(IDENTITY) else ""


class MiniConsents(BaseModel):
    """订阅授权: what wx.requestSubscribeMessage returned, with a fresh code of wx.login.

    Attributes:
        id: the same when the mini-program says it again, so that a consent counts once.
    """

    model_config = ConfigDict(extra="ignore")

    code: str = Field(min_length=1, max_length=_LONGEST)
    id: str = Field(min_length=1, max_length=64, pattern=r"^[\w.:-]+$")
    consents: dict[str, Literal["accept", "reject", "ban", "filter"]] = Field(max_length=5)


class MiniProgram:
    """The mini-program's API, called with its own access token."""

    def __init__(self, client: Client, consents: Consents, settings: WeChatSettings) -> None:
        self._client = client
        self._consents = consents
        self.template = settings.mini_progress_template
        self.fields = settings.mini_progress_fields
        self._page = settings.mini_progress_page

    async def note(self, caller: Caller, conversation_id: str, said: MiniConsents) -> int:
        """Count what the citizen agreed to; return how many notices may be sent now."""
        answer = said.consents.get(self.template) if self.template else None
        if answer == "accept":
            key = f"{conversation_id}:{said.id}"
            await self._consents.give(conversation_id, self.template, key, to=caller.openid)
        elif answer == "ban":
            await self._consents.withdraw(conversation_id, self.template)
        return await self._consents.left(conversation_id, self.template)

    async def send(self, openid: str, data: Mapping[str, str]) -> None:
        """订阅消息 subscribeMessage.send: send a notice the citizen agreed to.

        Raises:
            PlatformError: it was not taken.
        """
        await self._client.call(
            "POST",
            "/cgi-bin/message/subscribe/send",
            body={
                "touser": openid,
                "template_id": self.template,
                "page": self._page,
                "miniprogram_state": "formal",
                "lang": "zh_CN",
                "data": {name: {"value": value} for name, value in data.items()},
            },
        )
