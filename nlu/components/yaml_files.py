"""Read the project's YAML data, quickly where libyaml is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """Read one YAML file with the safe loader."""
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=_LOADER)  # noqa: S506 - both are safe loaders


def content_hash(paths: Iterable[Path]) -> str:
    """Hash data files together with this package's code: a change of either is another model.

    Rasa itself looks only at a component's own class, so that a trained state would be loaded
    into changed code of the modules around it.
    """
    digest = hashlib.sha256()
    for path in sorted([*paths, *Path(__file__).parent.glob("*.py")]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
