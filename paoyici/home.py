"""Where one installation keeps what is its own: data, keys, logs (the git-ignored `.paoyici/`)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """Return the folder of this installation's data, made on first use.

    `PAOYICI_HOME` overrides the default `.paoyici/` in the repository.
    """
    folder = Path(os.environ.get("PAOYICI_HOME", ROOT / ".paoyici"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


_KEYS = ("SERVICE_TOKEN", "DATA_KEYS", "BLIND_INDEX_KEY", "TOKEN_KEY")


def _new_secrets() -> dict[str, str]:
    return {
        "SERVICE_TOKEN": secrets.token_urlsafe(32),
        "DATA_KEYS": Fernet.generate_key().decode(),
        "BLIND_INDEX_KEY": secrets.token_hex(32),
        "TOKEN_KEY": secrets.token_hex(32),
    }


def _read_env_file(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def keys() -> dict[str, str]:
    """Return this installation's keys, made once and kept in `secrets.env` (mode 0600).

    Losing the file makes the encrypted data unreadable, so it is written whole or not at all.
    Where the environment names every key, as in a container that cannot write, there is no file.
    """
    given = {name: os.environ.get(name, "") for name in _KEYS}
    if all(given.values()):
        return given
    path = home() / "secrets.env"
    if path.exists():
        return _read_env_file(path)
    made = _new_secrets()
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text("".join(f"{name}={value}\n" for name, value in made.items()), encoding="utf-8")
    draft.replace(path)
    return made
