"""Settings of the office: one documented environment variable a field."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Literal

from cryptography.fernet import Fernet
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.handoffs.hours import read_hours

LEAST_TOKEN = 16
_HEX_KEY = re.compile(r"(?:[0-9a-fA-F]{2}){16,}")
ROOT = Path(__file__).resolve().parent.parent


class SettingsError(RuntimeError):
    """A setting is missing or unusable; the message names the environment variable."""


class Settings(BaseSettings):
    """Everything the office needs to know about the place where it runs."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    mongodb_uri: str = Field(description="Address of MongoDB, or of the embedded server.")
    mongodb_database: str = Field(default="paoyici", description="Database name.")
    redis_url: str | None = Field(
        default=None, description="Address of Redis; without it wake-ups stay in this process."
    )
    public_url: str = Field(
        default="http://127.0.0.1:8080", description="Public origin, printed in QR codes."
    )
    service_token: str = Field(
        repr=False,
        min_length=16,
        description="Bearer token between rooms, at least 16 characters; while it is replaced the"
        " earlier one after a comma, which is still taken.",
    )
    data_keys: str = Field(
        repr=False,
        description="Comma-separated Fernet keys: the first encrypts, all of them decrypt.",
    )
    blind_index_key: str = Field(
        repr=False,
        min_length=32,
        description="Comma-separated hex HMAC keys for equality look-ups of sealed values: the"
        " first one writes, what was written under the others is found too.",
    )
    token_key: str = Field(
        repr=False,
        min_length=32,
        description="Comma-separated hex keys that sign receipts: the first one signs, what the"
        " others signed is genuine too.",
    )
    data_dir: Path = Field(default=ROOT / "data", description="Catalogue, replies and seeds.")
    static_dir_desk: Path = Field(
        default=ROOT / "backend" / "console" / "dist", description="Built staff desk page."
    )
    staff_session_hours: int = Field(
        default=12, ge=1, description="Hours after which staff must log in again."
    )
    staff_idle_minutes: int = Field(
        default=60, ge=1, description="Minutes without a request after which a session ends."
    )
    staff_logins_per_minute: int = Field(
        default=20,
        ge=1,
        description="Log-ins of staff from one address in a minute, right or wrong.",
    )
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = Field(
        default=(IPv4Network("127.0.0.0/8"), IPv6Network("::1/128")),
        description="Comma-separated networks (CIDR) of the proxies in front of the office; only"
        " their word about a client's address (X-Forwarded-For) is believed.",
    )
    staff_second_factor: Literal["optional", "required"] = Field(
        default="optional",
        description="Whether staff must add a code of an authenticator app before they work.",
    )
    desk_hours: str = Field(
        default="",
        description="When people answer, such as 9:00-12:00,13:30-17:00 on working days or"
        " `daily 0:00-24:00`; empty for the hours of the hall in data/offices.yml.",
    )
    talk_answer_seconds: int = Field(
        default=180,
        ge=30,
        description="Seconds of desk hours that a clerk may let a citizen wait in a talk; after"
        " two thirds of them the clerk is warned, then the talk goes back to the queue.",
    )
    store_dir: Path | None = Field(
        default=None,
        description="Where the store keeps its files, on this machine: its free disk is watched.",
    )
    least_free_mb: int = Field(
        default=1024, ge=0, description="Megabytes of free disk below which the log warns."
    )
    keep_talks_days: int = Field(
        default=730,
        ge=183,
        description="Days after its last message that a talk is kept, with its handoffs, files that"
        " belong to no case, and what the door and the dialogue have of it.",
    )
    keep_delivered_days: int = Field(
        default=30, ge=1, description="Days that a message stays at the door once it is answered."
    )
    keep_case_data_days: int = Field(
        default=1095,
        ge=183,
        description="Days after its end that a case keeps who applied; its number, item, states and"
        " times stay for the archive.",
    )
    keep_report_data_days: int = Field(
        default=1095,
        ge=183,
        description="Days after its end that a report keeps who made it, its words and its place.",
    )
    keep_people_days: int = Field(
        default=1095,
        ge=183,
        description="Days after the last case or proof of identity that a person is known.",
    )
    keep_access_days: int = Field(
        default=1095,
        ge=183,
        description="Days that looks of staff and events are kept; at least six months"
        " (《网络安全法》第二十一条).",
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")
    seed_sample: bool = Field(
        default=False,
        description="Open the sample accounts at start; only for a store on this machine.",
    )

    @field_validator("data_keys")
    @classmethod
    def _usable_keys(cls, value: str) -> str:
        for key in value.split(","):
            Fernet(key.strip())
        return value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @property
    def token_keys(self) -> list[str]:
        """Return the keys that sign receipts, the first one new ones."""
        return self.token_key.split(",")

    @property
    def service_tokens(self) -> list[str]:
        """Return the tokens by which the other rooms are known."""
        return self.service_token.split(",")

    @field_validator("service_token")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        if any(len(token) < LEAST_TOKEN for token in value.split(",")):
            raise ValueError(f"every token has at least {LEAST_TOKEN} characters")
        return value

    @field_validator("seed_sample")
    @classmethod
    def _only_here(cls, value: bool, others: ValidationInfo) -> bool:
        """Keep published passwords out of a store that others reach."""
        if value and not _on_this_machine(str(others.data.get("mongodb_uri", ""))):
            raise ValueError("only for a store on this machine; elsewhere: paoyici staff open")
        return value

    @field_validator("desk_hours")
    @classmethod
    def _readable_hours(cls, value: str) -> str:
        if value:
            read_hours(value)
        return value

    @field_validator("blind_index_key", "token_key")
    @classmethod
    def _hexadecimal(cls, value: str) -> str:
        if not all(_HEX_KEY.fullmatch(key) for key in value.split(",")):
            raise ValueError("every key is hexadecimal and has at least 32 characters")
        return value


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from the environment, or from what stands for it.

    Raises:
        SettingsError: a variable is missing or unusable; its name is in the message, not its value.
    """
    try:
        return Settings.model_validate(_values(environment))
    except ValidationError as error:
        wrong = sorted({_told(problem) for problem in error.errors(include_input=False)})
        raise SettingsError(f"set these environment variables: {', '.join(wrong)}") from None


def _told(problem: Mapping[str, Any]) -> str:
    """Return a variable's name, with the reason where one of our own checks gives it."""
    name = str(problem["loc"][0]).upper()
    return f"{name} ({problem['ctx']['error']})" if problem["type"] == "value_error" else name


def _on_this_machine(uri: str) -> bool:
    """Tell whether every host of a MongoDB address is the loopback."""
    hosts = uri.partition("://")[2].partition("/")[0].rpartition("@")[2].split(",")
    return all(re.fullmatch(r"(127(\.\d+){3}|localhost|\[::1\])(:\d+)?", host) for host in hosts)


def _values(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment's values for the fields above, by field name."""
    return {
        name: environment[name.upper()]
        for name in Settings.model_fields
        if environment.get(name.upper())
    }
