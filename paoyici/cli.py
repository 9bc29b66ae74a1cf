"""The console script `paoyici`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import uuid
from pathlib import Path

from paoyici import (
    aside_options,
    catalogue_options,
    keys_options,
    people_options,
    staff_options,
)


def _location(text: str) -> tuple[float, float]:
    latitude, longitude = text.split(",")
    return float(latitude), float(longitude)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="paoyici", description=__import__("paoyici").__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    ask = commands.add_parser("ask", help="speak with the running system as a citizen")
    ask.add_argument("text", nargs="?", help="what to say; without it, an interactive chat")
    ask.add_argument("--json", action="store_true", help="print one reply object a line")
    ask.add_argument("--conversation", help="name of the conversation to go on with")
    ask.add_argument("--photo", type=Path, help="send this picture first")
    ask.add_argument("--location", type=_location, help="send this place first: LAT,LON (WGS-84)")
    ask.add_argument(
        "--origin",
        default=os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8080')}"),
        help="public origin of the system (default: %(default)s)",
    )
    run = commands.add_parser("run", help="start everything on this machine until Ctrl-C")
    run.add_argument("--restart", action="store_true", help="start again whatever dies")
    serve = commands.add_parser("serve", help="serve the street (bot and backend), or one room")
    serve.add_argument("--room", choices=("street", "bot", "backend"), default="street")
    commands.add_parser("train", help="train the Rasa model if what it learns from changed")
    catalogue_options.add_commands(commands)
    staff_options.add_commands(commands)
    people_options.add_commands(commands)
    keys_options.add_commands(commands)
    aside_options.add_commands(commands)
    return parser


def _ask(arguments: argparse.Namespace) -> int:
    from paoyici.terminal import ask_once, chat

    conversation = arguments.conversation or f"once-{uuid.uuid4().hex}"
    said = arguments.text, arguments.photo, arguments.location
    if said == (None, None, None):
        return asyncio.run(chat(arguments.origin, conversation, as_json=arguments.json))
    text = arguments.text
    if text is not None:  # a shell may hand over bytes that are not UTF-8
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return asyncio.run(
        ask_once(
            arguments.origin,
            conversation,
            text=text,
            photo=arguments.photo,
            location=arguments.location,
            as_json=arguments.json,
        )
    )


def _run(arguments: argparse.Namespace) -> int:
    from paoyici.run import run

    return run(restart=arguments.restart)


def _serve(arguments: argparse.Namespace) -> int:
    from paoyici.serve import serve

    return serve(arguments.room)


def _train(_: argparse.Namespace) -> int:
    from paoyici.model import train

    return train()


def _catalogue(arguments: argparse.Namespace) -> int:
    from paoyici.catalogue import run

    return run(arguments)


def _staff(arguments: argparse.Namespace) -> int:
    from paoyici.staff import run

    return run(arguments)


def _people(arguments: argparse.Namespace) -> int:
    from paoyici.people import run

    return run(arguments)


def _keys(arguments: argparse.Namespace) -> int:
    from paoyici.keys import run

    return run(arguments)


def _aside(arguments: argparse.Namespace) -> int:
    from paoyici.aside import run

    return run(arguments)


_COMMANDS = {
    "ask": _ask,
    "run": _run,
    "serve": _serve,
    "train": _train,
    "catalogue": _catalogue,
    "staff": _staff,
    "people": _people,
    "keys": _keys,
    "aside": _aside,
}


def main() -> int:
    """Run one command; return its exit code."""
    arguments = _parser().parse_args()
    try:
        return _COMMANDS[arguments.command](arguments)
    except BrokenPipeError:
        # Whoever reads has seen enough, as in `| head`; Python must not fail once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
