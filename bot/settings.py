"""Settings of the door: every one is an environment variable, documented where it stands."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Self

from cryptography.fernet import Fernet
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.channels.wechat.settings import WeChatSettings
from bot.channels.wecom.settings import WeComSettings

_LEAST_TOKEN = 16
_TOKEN_KEY = re.compile(r"(?:[0-9a-fA-F]{2}){16,}")


class SettingsError(RuntimeError):
    """A setting is missing or wrong; the message names it and never shows its value."""


class Settings(BaseSettings):
    """What an operator can decide about the door."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    """Address to listen on when the door runs by itself."""
    port: int = 8080
    """TCP port to listen on when the door runs by itself."""
    mongodb_uri: str
    """MongoDB (a replica set, or the embedded server): the only source of truth."""
    mongodb_database: str = "paoyici"
    """Database name; the rooms share one database and no collection."""
    redis_url: str
    """Redis: wake-ups and rate limits, all of which may be lost."""
    backend_url: str
    """Base of the office's API, for example http://127.0.0.1:8080/api/v1."""
    dialogue_url: str = "http://127.0.0.1:5005"
    """Base of the dialogue service, or of each of its processes with commas between them; it never
    leaves the internal network."""
    service_token: str = Field(min_length=16)
    """Bearer token between the rooms; while it is replaced the earlier one after a comma, which is
    still taken and not sent."""
    data_keys: Annotated[tuple[str, ...], NoDecode]
    """Comma-separated Fernet keys; the first one encrypts, all of them decrypt."""
    token_key: str = Field(min_length=32)
    """Hex keys, separated by commas, that sign the tokens of new conversations: the first one
    signs, what the others signed still counts."""
    data_dir: Path = Path("data")
    """The repository's data folder; reply texts are read from it."""
    store_dir: Path | None = None
    """Where the store keeps its files, on this machine; its full disk is told by its name."""
    static_dir_citizen: Path = Path("bot/web/dist")
    """The built citizen page."""
    frame_ancestors: str = "'self'"
    """Who may show the citizen page in a frame (CSP frame-ancestors), for web-views."""

    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = (
        IPv4Network("127.0.0.0/8"),
        IPv6Network("::1/128"),
    )
    """Comma-separated networks (CIDR) of the proxies in front of the door. Only their word about a
    client's address (X-Forwarded-For) is believed; it is what limits count."""
    public_url: str = ""
    """Public origin, for links in messaging apps; needed where such a channel is on."""
    wechat: WeChatSettings = Field(default_factory=WeChatSettings)
    """The Official Account: `WECHAT_…`, described in bot/channels/wechat/settings.py."""

    wecom: WeComSettings = Field(default_factory=WeComSettings)
    """WeCom customer service: `WECOM_…`, described in bot/channels/wecom/settings.py."""

    turn_workers: int = Field(default=16, ge=1)
    """Conversations this process works on at once."""
    lease_seconds: float = Field(default=4.5, gt=0)
    """How long a conversation stays with a process that has died."""
    turn_seconds: float = Field(default=7.0, gt=0)
    """Longest time for one try of a turn."""
    poll_seconds: float = Field(default=1.0, gt=0)
    """How often work is looked for when no wake-up arrives."""
    hand_over_seconds: float = Field(default=600.0, gt=0)
    """How long the dialogue service may be away before a person gets the conversation."""
    messages_per_minute: int = Field(default=240, ge=1)
    """Messages a conversation may send in a minute."""
    max_media_bytes: int = Field(default=10 * 1024 * 1024, ge=1)
    """Largest photo, recording or file."""
    uploads_at_once: int = Field(default=6, ge=1)
    """Uploads held in memory at the same time, half of them from one address; the others wait."""
    upload_conversation_bytes: int = Field(default=60 * 1024 * 1024, ge=1)
    """Bytes of files a conversation may have stored in a day."""
    upload_address_bytes: int = Field(default=1024 * 1024 * 1024, ge=1)
    """Bytes of files that may be stored in a day from one address."""
    openings_per_minute: int = Field(default=60, ge=1)
    """Conversations opened from one address in a minute without a delay; many citizens share a
    carrier's address, so beyond them the first message of each is only taken later."""
    opening_delay_seconds: float = Field(default=10.0, ge=0)
    """Longest such delay; it is reached at eleven times as many openings."""
    session_idle_minutes: int = Field(default=30 * 24 * 60, ge=1)
    """Minutes without use after which a browser's session ends; about 10 where many people use
    one machine, such as in a hall."""
    logins_per_minute: int = Field(default=240, ge=1)
    """Log-ins of messaging apps from one address in a minute; each asks the platform."""
    codes_per_hour: int = Field(default=120, ge=1)
    """Numbers and items an address may ask QR codes for in an hour that have none yet."""

    @field_validator("store_dir", mode="before")
    @classmethod
    def _somewhere(cls, value: Any) -> Any:
        """Take an empty name for none: the store is elsewhere."""
        return value or None

    @field_validator("data_keys", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        """Split what is separated by commas."""
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("data_keys")
    @classmethod
    def _check_keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse a key that Fernet cannot use."""
        if not value:
            raise ValueError("at least one key is needed")
        for key in value:
            Fernet(key)
        return value

    @field_validator("service_token")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        """Refuse a list that holds a token too short to be one."""
        if any(len(token) < _LEAST_TOKEN for token in value.split(",")):
            raise ValueError(f"every token has at least {_LEAST_TOKEN} characters")
        return value

    @field_validator("token_key")
    @classmethod
    def _usable_token_keys(cls, value: str) -> str:
        """Refuse a list that holds a key which is too short or not hexadecimal."""
        if not all(_TOKEN_KEY.fullmatch(key) for key in value.split(",")):
            raise ValueError("every key is hexadecimal and has at least 32 characters")
        return value

    @property
    def token_keys(self) -> list[str]:
        """Return the keys that sign tokens; the first one signs."""
        return self.token_key.split(",")

    @property
    def service_tokens(self) -> list[str]:
        """Return the tokens between the rooms; the first one is sent."""
        return self.service_token.split(",")

    @property
    def dialogue_urls(self) -> list[str]:
        """Return the base of every process of the dialogue service."""
        return [url.strip().rstrip("/") for url in self.dialogue_url.split(",") if url.strip()]

    @model_validator(mode="after")
    def _links_lead_somewhere(self) -> Self:
        """Refuse a messaging channel whose links would lead nowhere."""
        if (self.wechat.on or self.wecom.on) and not self.public_url:
            raise ValueError("PUBLIC_URL is needed for links in messages")
        return self

    @field_validator("dialogue_url")
    @classmethod
    def _some_process(cls, value: str) -> str:
        """Refuse a list of processes that names none."""
        if not value.strip(", "):
            raise ValueError("at least one URL is needed")
        return value

    @field_validator("backend_url", "public_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        """Drop a trailing slash, so that paths can be appended."""
        return value.rstrip("/")


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingsError: one is missing or wrong; the message says which.
    """
    try:
        return Settings()
    except ValidationError as error:
        prefix = {"WeChatSettings": "WECHAT_", "WeComSettings": "WECOM_"}.get(error.title, "")
        problems = [
            ": ".join([*(f"{prefix}{part}".upper() for part in item["loc"][:1]), item["msg"]])
            for item in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise SettingsError("; ".join(problems)) from None
