"""Settings of the WeChat channel: environment variables `WECHAT_…`; unset means switched off."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from bot.channels.wechat.callback_settings import CallbackSettings


class WeChatSettings(CallbackSettings):
    """公众号: what the account's console shows, and what the office decides about it."""

    model_config = SettingsConfigDict(
        env_prefix="WECHAT_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    app_id: str = ""
    """AppID of the Official Account; without it the channel is off."""
    app_secret: SecretStr = SecretStr("")
    """AppSecret of the Official Account."""
    mode: Literal["plain", "compatible", "safe"] = "safe"
    """消息加解密方式 as chosen in the console: 明文, 兼容 or 安全."""
    api_url: str = "https://api.weixin.qq.com"
    """Base of the platform's API."""
    authorize_url: str = "https://open.weixin.qq.com/connect/oauth2/authorize"
    """Where a browser inside WeChat is sent to say who it is."""
    passive_seconds: float = Field(default=4.2, gt=0, lt=5)
    """How long a callback waits for its turn; the platform hangs up after 5 s."""
    progress_template: str = ""
    """Template id of the subscription notice for progress; empty: none is sent."""
    progress_fields: str = "thing1={text};time2={time}"
    """Fields of that template: `name={text}` and `name={time}`, separated by `;`."""
    mini_app_id: str = ""
    """AppID of the mini-program; without it there is no login for one."""
    mini_app_secret: SecretStr = SecretStr("")
    """AppSecret of the mini-program."""
    mini_progress_template: str = ""
    """Template id of the mini-program's subscription message for progress; empty: none is sent."""
    mini_progress_fields: str = "thing1={text};time2={time}"
    """Fields of that template, as in `progress_fields`."""
    mini_progress_page: str = "pages/index/index"
    """Page of the mini-program that such a message opens."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Refuse half a configuration: it would fail at the first citizen instead."""
        if not self.app_id:
            return self
        if not (self.app_secret.get_secret_value() and self.token.get_secret_value()):
            raise ValueError("WECHAT_APP_SECRET and WECHAT_TOKEN go with WECHAT_APP_ID")
        if self.mode != "plain" and not self.aes_keys:
            raise ValueError("WECHAT_AES_KEYS is needed unless WECHAT_MODE is plain")
        return self

    @property
    def on(self) -> bool:
        """Say whether the channel is switched on."""
        return bool(self.app_id)
