"""A clerk made of the real rules, reader and actions, and a citizen who talks to it."""

from __future__ import annotations

import itertools
import logging
import os
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import aiohttp
from components.normalisation import Dictionaries, Normaliser
from dialogue.agent import project_actions, project_reader
from dialogue.state import state_of
from rasa.core.agent import Agent, load_agent
from rasa.core.channels import CollectingOutputChannel, UserMessage
from rasa.model_training import train_core
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog
from rasa_sdk.executor import ActionExecutor
from servers import ROOT

from actions import consent, office
from actions.office import BackendRefusedError, BackendUnavailableError

NAMES = {"GA004": "居民身份证丢失补领", "MZ008": "高龄津贴申领", "GA001": "居民身份证首次申领",
         "GA002": "居民身份证有效期满换领", "GA003": "居民身份证损坏换领"}  # fmt: skip
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "606060000000050001a5f645400000000049454e44ae426082"
)
MODEL = ROOT / "nlu" / "models" / "current.tar.gz"
NORMAL_FORM = Normaliser(Dictionaries.read(ROOT / "data" / "dictionaries"))
# What it reads once is read here, and not where a turn would wait for it.
NORMAL_FORM("您好")

_CONFIG = """
recipe: default.v1
assistant_id: rules_only
language: zh
pipeline: [{name: KeywordIntentClassifier}]
policies: [{name: RulePolicy, enable_fallback_prediction: false}]
"""


def office_environment(mongo: str, port: int) -> dict[str, str]:
    """Return the settings of an office that only this test session knows."""
    return {
        **os.environ,
        "MONGODB_URI": mongo,
        "MONGODB_DATABASE": f"test_{uuid.uuid4().hex[:12]}",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SERVICE_TOKEN": uuid.uuid4().hex,
        "DATA_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "BLIND_INDEX_KEY": "ab" * 32,
        "TOKEN_KEY": "cd" * 32,
        "SEED_SAMPLE": "1",
        # What is tested does not depend on the hour at which it is.
        "DESK_HOURS": "daily 0:00-24:00",
        # Staff log in anew for everything they do, from one machine.
        "STAFF_LOGINS_PER_MINUTE": "1000",
        "DATA_DIR": str(ROOT / "data"),
    }


def train_rules(folder: Path) -> Path:
    """Train the rules of the project with a pipeline that understands nothing."""
    configure_structlog(logging.WARNING)
    config = folder / "config.yml"
    config.write_text(_CONFIG, encoding="utf-8")
    made = train_core(
        domain=str(ROOT / "nlu" / "domain.yml"), config=str(config),
        stories=str(ROOT / "data" / "training" / "rules.yml"), output=str(folder),
        fixed_model_name="rules",
    )  # fmt: skip
    assert made, "the rules contradict each other"
    return Path(made)


class InProcess(EndpointConfig):
    """Runs actions in this process, as the dialogue service does."""

    def __init__(self, executor: ActionExecutor) -> None:
        super().__init__("http://in.process")
        self.executor = executor

    async def request(self, *_args: Any, **call: Any) -> Any:
        """Run the action that is asked for."""
        return await self.executor.run(call["json"])


class Clerk:
    """The agent and the reader before it, which has learnt what danger sounds like."""

    def __init__(self, agent: Agent, ear: Agent | None = None) -> None:
        self.agent = agent
        self.ear = ear
        self.reader = project_reader(ROOT / "data", ThreadPoolExecutor(1), MODEL)

    @classmethod
    async def load(cls, model: Path) -> Clerk:
        """Load the rules and register the actions."""
        executor = project_actions()
        agent = await load_agent(model_path=str(model))
        agent.processor.action_endpoint = InProcess(executor)
        # PAOYICI_EAR=nlu/models/current.tar.gz plays the transcripts with the real ear.
        heard_by = os.environ.get("PAOYICI_EAR")
        return cls(agent, await load_agent(model_path=heard_by) if heard_by else None)

    async def turn(
        self, conversation: str, message: dict[str, Any], parse: Any, meta: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Run one turn; return the Reply objects."""
        tracker = await self.agent.processor.get_tracker(conversation)
        parsed = await self.reader(message, state_of(tracker, meta), parse)
        channel = CollectingOutputChannel()
        await self.agent.processor.handle_message(
            UserMessage(message.get("text") or "", channel, conversation,
                        parse_data=parsed, metadata=meta)
        )  # fmt: skip
        return [sent["custom"] for sent in channel.messages]


class Citizen:
    """Somebody who talks to the clerk; `understood` stands for what the ear would make of it.

    Its `parts` are what it would make of pieces of the text, by their words.
    """

    def __init__(self, clerk: Clerk) -> None:
        self.clerk = clerk
        self.conversation = f"c-{uuid.uuid4().hex[:12]}"
        self.identity = {"channel": "web", "id": self.conversation}
        self._count = itertools.count(1)
        self.replies: list[dict[str, Any]] = []
        self.scripted = False
        self.at = "2026-11-22T10:00:00+08:00"

    async def arrive(self, *, agrees: bool = True) -> None:
        """Open the conversation at the office, as the door does; most have agreed before."""
        body = {"channel": "web", "identity": self.identity["id"]}
        await office._call("PUT", ("conversations", self.conversation), body=body)
        if agrees:
            agreed = {"conversation_id": self.conversation, "identity": self.identity}
            body = {**agreed, "version": consent.version()}
            await office.post("personal", "consents", body=body, key=f"{self.conversation}:consent")

    async def say(self, text: str, **understood: Any) -> str:
        """Say something; return the words of all replies."""
        return await self._send({"kind": "text", "text": text}, understood)

    async def press(self, title: str) -> str:
        """Press a chip or a list item of the last replies by its title."""
        offered = {chip["title"]: chip["payload"] for reply in self.replies
                   for chip in [*reply.get("chips", ()), *reply.get("items", ())]}  # fmt: skip
        assert title in offered, f"{title} is not among {list(offered)}"
        return await self._send({"kind": "button", "text": title, "payload": offered[title]}, {})

    async def forge(self, payload: str) -> str:
        """Send a payload that no button of ours carries."""
        return await self._send({"kind": "button", "text": "看看", "payload": payload}, {})

    async def photograph(self, kind: str = "photo", text: str = "") -> str:
        """Send a photo (or another kind of file)."""
        return await self._send({"kind": kind, "text": text, "media_ids": [await upload()]}, {})

    async def locate(self, label: str = "") -> str:
        """Send a place."""
        point = {"lat": 30.66, "lon": 104.06, "system": "gcj02", "label": label}
        return await self._send({"kind": "location", "location": point}, {})

    async def read(self) -> str:
        """Read what the office said last, as a channel shows it; return its words."""
        log = await office.get("conversations", self.conversation, "messages")
        self.replies = [log["messages"][-1]["body"]]
        return shown(self.replies[0])

    async def _expects(self, message: Mapping[str, Any]) -> list[dict[str, str]]:
        """Write a message into the log, as the door does; return what the office waits for."""
        body = {"key": uuid.uuid4().hex, "direction": "in", "author": {"kind": "citizen"},
                "body": dict(message), "at": self.at}  # fmt: skip
        try:
            said = await office._call(
                "POST", ("conversations", self.conversation, "messages"), body=body
            )
        except (BackendRefusedError, BackendUnavailableError):
            # Not registered, or the office is away: the door would try again.
            return []
        return list(said["expects"])

    async def slot(self, name: str) -> Any:
        """Return a slot of the conversation's tracker."""
        tracker = await self.clerk.agent.processor.get_tracker(self.conversation)
        return tracker.get_slot(name)

    async def form(self) -> str | None:
        """Return the open form."""
        tracker = await self.clerk.agent.processor.get_tracker(self.conversation)
        return tracker.active_loop_name

    @property
    def chips(self) -> list[str]:
        """Return the titles of all chips of the last replies."""
        return [chip["title"] for reply in self.replies for chip in reply.get("chips", ())]

    @property
    def card(self) -> dict[str, Any]:
        """Return the last card."""
        return next(reply for reply in reversed(self.replies) if reply["kind"] == "card")

    async def _send(self, message: dict[str, Any], understood: Mapping[str, Any]) -> str:
        async def parse(text: str) -> dict[str, Any]:
            if self.clerk.ear is not None and not self.scripted:
                # A citizen's slash is only a slash (nlu/dialogue/processor.py).
                return {**await self.clerk.ear.parse_message(text.replace("/", "／")), "text": text}
            parts: Mapping[str, Any] = understood.get("parts") or {}
            whole = {name: how for name, how in understood.items() if name != "parts"}
            return heard(text, **parts.get(text, whole))

        meta = {
            "key": f"{self.conversation}:{next(self._count)}",
            "conversation_id": self.conversation, "identity": self.identity,
            "kind": message["kind"], "media_ids": message.get("media_ids", []),
            "location": message.get("location"), "elder": False,
            "at": self.at, "expects": await self._expects(message),
        }  # fmt: skip
        self.replies = await self.clerk.turn(self.conversation, message, parse, meta)
        assert self.replies, f"silence after {message}"
        return "\n".join(shown(reply) for reply in self.replies)


def heard(
    text: str,
    intent: str = "nlu_fallback",
    sure: float = 0.9,
    item: str | None = None,
    items: tuple[str, ...] = (),
    element: str | None = None,
    category: str | None = None,
    urgent: bool = False,
    score: float | None = None,
    elsewhere: str | None = None,
    form: str | None = None,
    pair: tuple[tuple[str, str], ...] = (),
) -> dict[str, Any]:
    """Return what the ear would give for a text understood so."""
    codes = [item] if item else list(items)
    # Where several are likely none of them is sure.
    sure_of = score or (0.9 if item else 0.3)
    return {
        "text": text, "normalised": NORMAL_FORM(text),
        "intent": {"name": intent, "confidence": sure}, "intent_ranking": [], "entities": [],
        "items": [{"code": one, "name": NAMES.get(one, one), "score": sure_of} for one in codes],
        "item_outcome": "confident" if item else "ambiguous" if items else "none",
        "element": element, "urgent": urgent,
        "category": [{"code": category, "score": 0.9}] if category else [],
        "elsewhere": {"code": elsewhere, "name": elsewhere, "score": 0.9} if elsewhere else None,
        "form": form, "pair": [{"code": code, "said": said} for code, said in pair],
    }  # fmt: skip


def shown(reply: Mapping[str, Any]) -> str:
    """Return everything a citizen reads in a reply."""
    lines = [str(reply["text"]), str(reply.get("title", ""))]
    lines += [f"{field['label']}：{field['value']}" for field in reply.get("fields", ())]
    lines += [
        line for part in reply.get("sections", ()) for line in (part["title"], *part["lines"])
    ]
    lines += [f"{item['title']} {item.get('note', '')}" for item in reply.get("items", ())]
    lines += [str(step["label"]) for step in reply.get("timeline", ())]
    return "\n".join(lines)


async def upload() -> str:
    """Put a photo into the office's store, as the door does; return its id."""
    form = aiohttp.FormData()
    form.add_field("file", PIXEL, filename="photo.png", content_type="image/png")
    headers = {"Authorization": f"Bearer {os.environ['SERVICE_TOKEN']}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{os.environ['BACKEND_URL']}/media", data=form, headers=headers) as answer,
    ):
        assert answer.status < 300, await answer.text()
        return str((await answer.json())["media_id"])
