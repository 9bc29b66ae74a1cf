"""Settings that every platform with signed callbacks needs."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode

from bot.channels.wechat.crypto import aes_key


class CallbackSettings(BaseSettings):
    """回调: what a platform's console shows of its callbacks, and what its quota allows."""

    token: SecretStr = SecretStr("")
    """Token of the callback configuration (3 to 32 letters and digits)."""
    aes_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """EncodingAESKeys, comma-separated: the present one first, then the previous one."""
    api_url: str
    """Base of the platform's API."""
    replay_seconds: int = Field(default=300, ge=30)
    """How far a callback's timestamp may be from our clock."""
    max_body_bytes: int = Field(default=64 * 1024, ge=1024)
    """Largest callback body; anything longer is refused unread."""
    messages_per_window: int = Field(default=5, ge=1)
    """Messages of ours the platform allows after each message of the citizen."""
    window_hours: float = Field(default=48, gt=0)
    """How long after the citizen's last message they are allowed."""

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

    @field_validator("api_url", "authorize_url", check_fields=False)
    @classmethod
    def _without_slash(cls, value: str) -> str:
        """Drop a trailing slash, so that paths can be appended."""
        return value.rstrip("/")
