"""How many words and regular expressions with Chinese the house reads people by (`make words`).

They stand where a model could not be asked, and each one is a patch on what is understood: the
numbers of `tests/words_bar.json` may only fall, which `make lint` sees to (`--bar`).
"""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
BAR = Path(__file__).with_name("words_bar.json")
DATA = ("data/dialogue", "data/dictionaries")
# Phrases the ear learns from, and not words that are looked for.
LEARNT_FILES = {"report_phrases.yml"}
LEARNT_KEYS = {"examples"}
# What in data/dictionaries/places.yml names a place, or a kind of place.
PLACE_NAMES = {"kinds", "beside", "anywhere", "only"}
HAN = re.compile(r"[\u3400-\u9fff]")
SIGNS = re.compile(r"[|\\\[\](){}?*+^$.]")
# In code a dot ends a sentence and braces hold a place open: these are no signs there.
CODE_SIGNS = re.compile(r"[|\\\[\](?*+^$]")
READERS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
UNREAD = {"tests", "node_modules", "__pycache__"}


def counted(root: Path) -> dict[str, int]:
    """Return the numbers of a working copy.

    Args:
        root: its top folder.

    Returns:
        `words`: strings with Chinese in the dialogue's data and the dictionaries, keys among them;
        `regexes_data`: those with signs of a regular expression; `regexes_code`: regular
        expressions with Chinese in code outside tests, and parts of them that stand by themselves.
    """
    words = [word for folder in DATA for word in _words_under(root / folder)]
    return {
        "words": len(words),
        "regexes_data": sum(1 for word in words if SIGNS.search(word)),
        "regexes_code": sum(len(found) for _, found in regexes_in_code(root)),
    }


def _words_under(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("*.yml")):
        if file.name not in LEARNT_FILES:
            left_out = LEARNT_KEYS | (PLACE_NAMES if file.name == "places.yml" else set())
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
            yield from (one for one in _strings(content, left_out) if HAN.search(one))


def _strings(content: Any, left_out: set[str]) -> Iterator[str]:
    """Yield the strings of a document, without what stands under the keys that are left out."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for one in content:
            yield from _strings(one, left_out)
    elif isinstance(content, dict):
        for key, value in content.items():
            if key not in left_out:
                yield str(key)
                yield from _strings(value, left_out)


def regexes_in_code(root: Path) -> Iterator[tuple[Path, list[int]]]:
    """Yield the files of code with the lines of their regular expressions with Chinese."""
    for folder, below, names in os.walk(root):
        below[:] = sorted(one for one in below if one not in UNREAD and not one.startswith("."))
        for name in sorted(names):
            if name.endswith(".py"):
                file = Path(folder) / name
                yield file, list(_regexes(ast.parse(file.read_text(encoding="utf-8"))))


def _regexes(tree: ast.AST) -> Iterator[int]:
    read = {id(node.args[0]) for node in ast.walk(tree) if _reads(node)}
    for text in _texts(tree):
        written = "".join(
            part.value
            for part in ast.walk(text)
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        )
        if HAN.search(written) and (id(text) in read or CODE_SIGNS.search(written)):
            yield text.lineno


def _reads(node: ast.AST) -> bool:
    """Say whether a node calls `re` with a pattern."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in READERS
        and bool(node.args)
    )


def _texts(node: ast.AST) -> Iterator[ast.expr]:
    """Yield every text written in code, a joined one once; no docstrings and no descriptions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and _is_text(child.value):
            continue
        if isinstance(child, ast.keyword) and child.arg == "description":
            continue
        if isinstance(child, ast.expr) and _is_text(child):
            yield child
        else:
            yield from _texts(child)


def _is_text(node: ast.expr) -> bool:
    """Say whether an expression is a text, or texts and names put together."""
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    if isinstance(node, ast.JoinedStr):
        return True
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def risen(now: dict[str, int], bar: dict[str, int]) -> list[str]:
    """Return what is above its bar, in words."""
    return [
        f"{name}: {count}, and no more than {bar[name]} may stand (tests/words_bar.json)"
        for name, count in now.items()
        if count > bar[name]
    ]


def main() -> int:
    """Print the numbers; with `--bar` what has risen instead, and return 1 if anything has."""
    now = counted(ROOT)
    if sys.argv[1:] != ["--bar"]:
        print(json.dumps(now))
        return 0
    bar = json.loads(BAR.read_text(encoding="utf-8"))
    faults = risen(now, bar)
    print("\n".join(faults) or f"words: {json.dumps(now)}, none risen")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
