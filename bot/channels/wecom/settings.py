"""Settings of the WeCom channel: environment variables `WECOM_…`; unset means switched off."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from bot.channels.wechat.callback_settings import CallbackSettings
from bot.channels.wechat.crypto import aes_key


class WeComSettings(CallbackSettings):
    """微信客服: what the company's console shows, and what the office decides about it."""

    model_config = SettingsConfigDict(
        env_prefix="WECOM_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    corp_id: str = ""
    """企业ID; without it the channel is off."""
    secret: SecretStr = SecretStr("")
    """Secret of 微信客服 (or of the app that may call its API)."""
    app_agent_id: int = 0
    """AgentId of a 自建应用 whose messages are answered, too; without it there is none."""
    app_secret: SecretStr = SecretStr("")
    """Secret of that app."""
    app_token: SecretStr = SecretStr("")
    """Token of its callback configuration (接收消息 → API接收)."""
    app_aes_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """Its EncodingAESKeys, as in `aes_keys`."""
    api_url: str = "https://qyapi.weixin.qq.com"
    """Base of the platform's API."""
    poll_seconds: float = Field(default=60.0, gt=0)
    """How often a failed reading of messages is tried again without a new callback."""

    @field_validator("app_aes_keys", mode="before")
    @classmethod
    def _split_app_keys(cls, value: Any) -> Any:
        """Split the comma-separated keys."""
        return tuple(filter(None, value.split(","))) if isinstance(value, str) else value

    @field_validator("app_aes_keys")
    @classmethod
    def _check_app_keys(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        """Refuse a key that is none."""
        for key in value:
            aes_key(key.get_secret_value())
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Refuse half a configuration: it would fail at the first citizen instead."""
        whole = self.secret.get_secret_value() and self.token.get_secret_value() and self.aes_keys
        if self.corp_id and not whole:
            raise ValueError("WECOM_SECRET, WECOM_TOKEN and WECOM_AES_KEYS go with WECOM_CORP_ID")
        app = (
            self.app_secret.get_secret_value()
            and self.app_token.get_secret_value()
            and self.app_aes_keys
        )
        if self.app_agent_id and not (app and self.corp_id):
            raise ValueError(
                "WECOM_CORP_ID, WECOM_APP_SECRET, WECOM_APP_TOKEN and WECOM_APP_AES_KEYS "
                "go with WECOM_APP_AGENT_ID"
            )
        return self

    @property
    def on(self) -> bool:
        """Say whether the channel is switched on."""
        return bool(self.corp_id)
