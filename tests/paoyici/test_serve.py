"""A room whose keys are not its store's ends with a line that names the setting, not the key."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pymongo import MongoClient
from servers import ROOT, free_port


@pytest.mark.parametrize(
    ("room", "canary"), [("bot", "door"), ("backend", "office"), ("street", "door")]
)
async def test_a_room_with_a_wrong_key_ends_and_says_which(
    tmp_path: Path, mongo_server: str, mongo_database: str, room: str, canary: str
) -> None:
    def strange() -> None:
        with MongoClient(mongo_server) as client:
            sealed = Fernet(Fernet.generate_key()).encrypt(b"canary")
            row = {"_id": canary, "sealed": sealed, "marks": {}}
            client[mongo_database][f"{canary}_canary"].insert_one(row)

    await asyncio.to_thread(strange)
    key, port = Fernet.generate_key().decode(), free_port()
    ours = {
        "MONGODB_URI": mongo_server,
        "MONGODB_DATABASE": mongo_database,
        "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
        "BACKEND_URL": f"http://127.0.0.1:{port}/api/v1",
        "PORT": str(port),
        "DATA_KEYS": key,
        "SERVICE_TOKEN": "a-service-token-of-tests",
        "BLIND_INDEX_KEY": "ab" * 32,
        "TOKEN_KEY": "cd" * 32,
        "PAOYICI_HOME": str(tmp_path),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "paoyici.cli", "serve", "--room", room),
        cwd=ROOT, env=os.environ | ours,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(), 90)
    assert process.returncode == 2, said.decode()
    assert "settings: DATA_KEYS: none of the keys opens" in said.decode()
    assert key not in said.decode()
