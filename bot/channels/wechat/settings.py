"""Settings of the WeChat channel: environment variables `WECHAT_…`; unset means switched off."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.channels.wechat.crypto import aes_key


class WeChatSettings(BaseSettings):
    """公众号: what the account's console shows, and what the office decides about it."""

    model_config = SettingsConfigDict(env_prefix="WECHAT_", extra="ignore", frozen=True)

    app_id: str = ""
    """AppID of the Official Account; without it the channel is off."""
    app_secret: SecretStr = SecretStr("")
    """AppSecret of the Official Account."""
    token: SecretStr = SecretStr("")
    """Token of the server configuration (3 to 32 letters and digits)."""
    aes_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """EncodingAESKeys, comma-separated: the present one first, then the previous one."""
    mode: Literal["plain", "compatible", "safe"] = "safe"
    """消息加解密方式 as chosen in the console: 明文, 兼容 or 安全."""
    api_url: str = "https://api.weixin.qq.com"
    """Base of the platform's API."""
    authorize_url: str = "https://open.weixin.qq.com/connect/oauth2/authorize"
    """Where a browser inside WeChat is sent to say who it is."""
    replay_seconds: int = Field(default=300, ge=30)
    """How far a callback's timestamp may be from our clock."""
    passive_seconds: float = Field(default=4.2, gt=0, lt=5)
    """How long a callback waits for its turn; the platform hangs up after 5 s."""
    max_body_bytes: int = Field(default=64 * 1024, ge=1024)
    """Largest callback body; anything longer is refused unread."""
    messages_per_window: int = Field(default=5, ge=1)
    """Customer messages the platform allows after each message of the citizen."""
    window_hours: float = Field(default=48, gt=0)
    """How long after the citizen's last message customer messages are allowed."""
    progress_template: str = ""
    """Template id of the subscription notice for progress; empty: none is sent."""
    progress_fields: str = "thing1={text};time2={time}"
    """Fields of that template: `name={text}` and `name={time}`, separated by `;`."""
    mini_app_id: str = ""
    """AppID of the mini-program; without it there is no login for one."""
    mini_app_secret: SecretStr = SecretStr("")
    """AppSecret of the mini-program."""

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

    @field_validator("api_url", "authorize_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        """Drop a trailing slash, so that paths can be appended."""
        return value.rstrip("/")

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
