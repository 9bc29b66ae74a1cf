"""Rules of the house that no off-the-shelf linter knows; part of `make lint`."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from house_transactions import nested

ROOT = Path(__file__).resolve().parent.parent
MOTOR_HOMES = {"db.py", "store.py"}
REDIS_HOMES = {"wakeups.py"}
ROOMS = ("bot", "backend", "nlu", "actions", "standards")
FORBIDDEN = {
    "bot": {"backend", "actions", "rasa", "rasa_sdk"},
    "backend": {"bot", "actions", "rasa", "rasa_sdk"},
    "nlu": {"bot", "backend", "actions"},
    "actions": {"bot", "backend", "components", "dialogue"},
    "standards": {"bot", "backend", "nlu", "actions", "rasa", "rasa_sdk"},
}
LONGEST = 400
HAN = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"[，。！？]")
PATTERN = re.compile(r"[|\\\[\](?*+]")


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def _is_spoken(text: str) -> bool:
    """Say whether `text` is a Chinese sentence, and not a pattern or a list of words."""
    return len(HAN.findall(text)) >= 6 and bool(SENTENCE.search(text)) and not PATTERN.search(text)


def _spoken_strings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yield string literals that are Chinese sentences and no docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if id(node) not in docstrings and _is_spoken(node.value):
            yield node


def _check(file: Path) -> Iterator[str]:
    room, tree = file.relative_to(ROOT).parts[0], ast.parse(file.read_text(encoding="utf-8"))
    for name in _imports(tree):
        if name in FORBIDDEN[room]:
            yield f"{room} imports {name}"
        if name in {"motor", "gridfs"} and not MOTOR_HOMES & {
            file.name,
            f"{file.stem.split('_')[-1]}.py",
        }:
            yield "motor outside db.py and store.py"
        if name == "redis" and file.name not in REDIS_HOMES:
            yield "redis outside wakeups.py"
    for literal in _spoken_strings(tree):
        yield f"line {literal.lineno}: user-visible text belongs in data/replies/"


def main() -> int:
    """Print what breaks a rule; return 1 if anything does."""
    faults = []
    for file in _tracked(
        *(f"{room}/**/*.py" for room in ROOMS), *(f"{room}/*.py" for room in ROOMS)
    ):
        faults += [f"{file.relative_to(ROOT)}: {fault}" for fault in _check(file)]
    sources = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts): file.read_text(encoding="utf-8")
        for file in _tracked("backend/**/*.py", "backend/*.py", "paoyici/*.py")
    }
    faults += [f"{module}: {fault}" for module, fault in nested(sources)]
    for file in _tracked("*.py", "*.vue", "*.ts"):
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST:
            faults.append(
                f"{file.relative_to(ROOT)}: {lines} lines; a file past {LONGEST} wants to be two"
            )
    print("\n".join(faults) or "house rules: kept")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
