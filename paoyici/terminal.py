"""`paoyici ask`: print a conversation so that a person, or a program, can read it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp

from paoyici.citizen import Citizen, Memory, Message, RefusedError


def as_lines(reply: Message) -> Iterator[str]:
    """Render one reply as plain text lines, everything the page would show."""
    if title := reply.get("title"):
        yield f"【{title}】"
    if text := reply.get("text"):
        yield text
    for field in reply.get("fields", []):
        yield f"  {field['label']}：{field['value']}"
    for section in reply.get("sections", []):
        yield f"  {section['title']}"
        yield from (f"    {line}" for line in section["lines"])
    for step in reply.get("timeline", []):
        at = step["at"][:16].replace("T", " ")
        yield f"  {at}  {step['label']}  {step.get('note', '')}".rstrip()
    yield from (
        f"  · {item['title']}  {item.get('note', '')}".rstrip() for item in reply.get("items", [])
    )
    if link := reply.get("link_url") or reply.get("image_url"):
        yield f"  {link}"
    if source := reply.get("source"):
        shown = [source.get(name) for name in ("item_code", "item_name", "version", "basis")]
        yield "  依据：" + " ".join(str(part) for part in shown if part)
    if chips := reply.get("chips"):
        yield "  " + " ".join(f"[{chip['title']}]" for chip in chips)


def show(messages: list[Message], *, as_json: bool) -> None:
    """Print `messages`: one JSON object a line, or text with a blank line between replies."""
    for message in messages:
        reply = message["body"] | {"seq": message["seq"], "author": message["author"]["kind"]}
        if as_json:
            print(json.dumps(reply, ensure_ascii=False), flush=True)
        else:
            print("\n".join(as_lines(reply)), end="\n\n", flush=True)


def show_refusal(refusal: RefusedError, *, as_json: bool) -> None:
    """Print why the door refused a message."""
    if as_json:
        print(
            json.dumps({"error": {"key": refusal.key, "message": str(refusal)}}, ensure_ascii=False)
        )
    else:
        print(refusal, file=sys.stderr)


async def ask_once(
    origin: str,
    conversation: str,
    *,
    text: str | None,
    photo: Path | None,
    location: tuple[float, float] | None,
    as_json: bool,
) -> int:
    """Say one thing in `conversation`, print what comes back; return the exit code."""
    async with aiohttp.ClientSession() as session:
        citizen = Citizen(session, origin, Memory(conversation, origin))
        try:
            await citizen.enter()
            if photo is not None:
                show(await citizen.photograph(photo), as_json=as_json)
            if location is not None:
                place = {"lat": location[0], "lon": location[1], "system": "wgs84"}
                sent = await citizen.send({"kind": "location", "location": place})
                show(sent, as_json=as_json)
            if text is not None:
                show(await citizen.say(text), as_json=as_json)
        except RefusedError as refusal:
            show_refusal(refusal, as_json=as_json)
            return 1
        except aiohttp.ClientConnectionError:
            print(f"nothing answers at {origin}; start it with `make run`", file=sys.stderr)
            return 2
    return 0


async def _listen(citizen: Citizen, *, as_json: bool, lock: asyncio.Lock) -> None:
    """Print what arrives unasked: staff answers and notices."""
    while True:
        await asyncio.sleep(2)
        async with lock:
            show(await citizen.read(), as_json=as_json)


async def chat(origin: str, conversation: str, *, as_json: bool) -> int:
    """Talk until end of input; return the exit code."""
    async with aiohttp.ClientSession() as session:
        citizen, lock = Citizen(session, origin, Memory(conversation, origin)), asyncio.Lock()
        await citizen.enter()
        listening = asyncio.create_task(_listen(citizen, as_json=as_json, lock=lock))
        try:
            while line := await asyncio.to_thread(sys.stdin.readline):
                async with lock:
                    try:
                        show(await citizen.say(line.rstrip("\n")), as_json=as_json)
                    except RefusedError as refusal:
                        show_refusal(refusal, as_json=as_json)
        finally:
            listening.cancel()
    return 0
