"""Settings of the WeCom channel: environment variables `WECOM_…`; unset means switched off."""

from __future__ import annotations

from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from bot.channels.wechat.callback_settings import CallbackSettings


class WeComSettings(CallbackSettings):
    """微信客服: what the company's console shows, and what the office decides about it."""

    model_config = SettingsConfigDict(env_prefix="WECOM_", extra="ignore", frozen=True)

    corp_id: str = ""
    """企业ID; without it the channel is off."""
    secret: SecretStr = SecretStr("")
    """Secret of 微信客服 (or of the app that may call its API)."""
    api_url: str = "https://qyapi.weixin.qq.com"
    """Base of the platform's API."""
    poll_seconds: float = Field(default=60.0, gt=0)
    """How often a failed reading of messages is tried again without a new callback."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Refuse half a configuration: it would fail at the first citizen instead."""
        whole = self.secret.get_secret_value() and self.token.get_secret_value() and self.aes_keys
        if self.corp_id and not whole:
            raise ValueError("WECOM_SECRET, WECOM_TOKEN and WECOM_AES_KEYS go with WECOM_CORP_ID")
        return self

    @property
    def on(self) -> bool:
        """Say whether the channel is switched on."""
        return bool(self.corp_id)
