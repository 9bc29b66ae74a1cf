"""A real door as a process of its own, between doubles: started, killed and started again."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from servers import BIN, ROOT, free_port

_PATIENCE = 60.0
_FOREIGN = ("WECHAT_", "WECOM_", "EMBEDDED_", "PAOYICI_")


@dataclass
class DoorProcess:
    """`paoyici serve --room bot` with settings of its own.

    Attributes:
        environment: its settings; `settings` below gives the usual ones.
        log: where its output goes.
    """

    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return its origin."""
        return f"http://127.0.0.1:{self.environment['PORT']}"

    def start(self) -> None:
        """Start it; `wait` says when it is there."""
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)
        }
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(BIN / "paoyici"), "serve", "--room", "bot"],
                cwd=ROOT, env=inherited | self.environment,
                stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def wait(self) -> None:
        """Wait until it answers.

        Raises:
            RuntimeError: it ended, or does not answer.
        """
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise RuntimeError(f"the door is not there:\n{self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """Kill -9."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """Stop it as an operator does."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()


def settings(
    *, mongo: str, redis: str, office: str, dialogue: str, database: str = "door"
) -> dict[str, str]:
    """Return the settings of a door between these neighbours, on a free port."""
    return {
        "PORT": str(free_port()),
        "MONGODB_URI": mongo,
        "MONGODB_DATABASE": database,
        "REDIS_URL": redis,
        "BACKEND_URL": office,
        "DIALOGUE_URL": dialogue,
        "SERVICE_TOKEN": "a-service-token-of-tests",
        "DATA_KEYS": Fernet.generate_key().decode(),
        "TOKEN_KEY": "ab" * 32,
        "DATA_DIR": str(ROOT / "data"),
        "PUBLIC_URL": "https://office.invalid",
        "LOG_LEVEL": "WARNING",
    }


def wechat_environment(platform: object) -> dict[str, str]:
    """Return what an office enters for the emulated Official Account."""
    values = vars(platform)
    return {
        "WECHAT_APP_ID": values["app_id"],
        "WECHAT_APP_SECRET": values["secret"],
        "WECHAT_TOKEN": values["token"],
        "WECHAT_AES_KEYS": values["aes_key"],
        "WECHAT_MODE": values["mode"],
        "WECHAT_API_URL": values["url"],
    }
