"""`paoyici people`: one person's data over all rooms, copied out or erased (PIPL 45, 47)."""

from __future__ import annotations

import asyncio
import io
import json
import stat
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pymongo import MongoClient
from servers import free_port

import paoyici.people
from backend.cases.service import Application, hand_in, withdraw
from backend.conversations.model import Author, NewMessage
from backend.conversations.service import append, register
from backend.db import Transaction
from backend.office import Office
from backend.people.model import Identity
from backend.people.service import verify
from paoyici.at_the_office import with_office
from paoyici.cli import main

DATABASE = "test_people_command"
ID_NUMBER, PHONE = "999999199001010016", "19900000001"
TALK, WORDS = "web-mine", "只有我知道的话"
