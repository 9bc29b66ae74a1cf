"""Settings of the WeCom channel: environment variables `WECOM_…`; unset means switched off."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.channels.wechat.crypto import aes_key


class WeComSettings(BaseSettings):
    """微信客服: what the company's console shows, and what the office decides about it."""

    model_config = SettingsConfigDict(env_prefix="WECOM_", extra="ignore", frozen=True)

    corp_id: str = ""
    """企业ID; without it the channel is off."""
    secret: SecretStr = SecretStr("")
    """Secret of 微信客服 (or of the app that may call its API)."""
    token: SecretStr = SecretStr("")
    """Token of the callback configuration."""
    aes_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """EncodingAESKeys, comma-separated: the present one first, then the previous one."""
    api_url: str = "https://qyapi.weixin.qq.com"
    """Base of the platform's API."""
    replay_seconds: int = Field(default=300, ge=30)
    """How far a callback's timestamp may be from our clock."""
    max_body_bytes: int = Field(default=64 * 1024, ge=1024)
    """Largest callback body; anything longer is refused unread."""
    messages_per_window: int = Field(default=5, ge=1)
    """Messages the platform allows after each message of the citizen."""
    window_hours: float = Field(default=48, gt=0)
    """How long after the citizen's last message messages are allowed."""
    poll_seconds: float = Field(default=60.0, gt=0)
    """How often a failed reading of messages is tried again without a new callback."""

    @field_validator("aes_keys", mode="before")
    @classmethod
    def _split_keys(cls, value: Any) -> Any:
        """Split the comma-separated keys."""
        return tuple(filter(None, value.split(","))) if isinstance(value, str) else value

    @field_validator("aes_keys")
    @classmethod
    def _check_keys(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        """Refuse a key that is none."""
        for key in value:
            aes_key(key.get_secret_value())
        return value

    @field_validator("api_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        """Drop a trailing slash, so that paths can be appended."""
        return value.rstrip("/")

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
