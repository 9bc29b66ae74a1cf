"""Settings of the dialogue service, all from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

NLU = Path(__file__).resolve().parent.parent


class SettingsError(RuntimeError):
    """A setting is missing or wrong; the message names it and never shows its value."""


@dataclass(frozen=True)
class Settings:
    """What an operator can decide about the dialogue service.

    Attributes:
        host, port: where to listen (DIALOGUE_HOST, DIALOGUE_PORT); never a public address.
        mongodb_uri, mongodb_database: where working trackers are kept.
        data_keys: Fernet keys, the first one encrypts.
        model_path: the trained model (MODEL_PATH); no other model is ever loaded instead.
        data_dir: the repository's data folder.
        log_level: of our own log; Rasa's is never more talkative than WARNING.
        keep_turns: turns that are over and stay in a working tracker as they were; the slots, the
            open form and the office's log have what the dialogue needs of the others.
    """

    mongodb_uri: str
    data_keys: tuple[str, ...]
    host: str = "127.0.0.1"
    port: int = 5005
    mongodb_database: str = "paoyici"
    model_path: Path = NLU / "models" / "current.tar.gz"
    data_dir: Path = NLU.parent / "data"
    log_level: str = "INFO"
    keep_turns: int = 0


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: one is missing or wrong; the message says which.
    """
    try:
        keys = tuple(key for key in environment["DATA_KEYS"].split(",") if key)
        settings = Settings(
            mongodb_uri=environment["MONGODB_URI"],
            data_keys=keys,
            host=environment.get("DIALOGUE_HOST", Settings.host),
            port=int(environment.get("DIALOGUE_PORT", Settings.port)),
            mongodb_database=environment.get("MONGODB_DATABASE", Settings.mongodb_database),
            model_path=Path(environment.get("MODEL_PATH", Settings.model_path)),
            data_dir=Path(environment.get("DATA_DIR", Settings.data_dir)),
            log_level=environment.get("LOG_LEVEL", Settings.log_level).upper(),
        )
    except KeyError as error:
        raise SettingsError(f"{error.args[0]}: not set") from None
    except ValueError:
        raise SettingsError("DIALOGUE_PORT: not a number") from None
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    """Refuse keys that cannot be used and a model that is not there."""
    if not settings.data_keys:
        raise SettingsError("DATA_KEYS: empty")
    try:
        for key in settings.data_keys:
            Fernet(key)
    except ValueError:
        raise SettingsError("DATA_KEYS: not a list of Fernet keys") from None
    if not settings.model_path.is_file():
        raise SettingsError(f"MODEL_PATH: no trained model at {settings.model_path}")
