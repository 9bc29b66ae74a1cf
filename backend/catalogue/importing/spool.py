"""暂存 Keeps items on disk between two steps, so that memory does not grow with the list."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator

from backend.catalogue.model import Item


class Spool:
    """Items in a temporary file, one a line; gone when closed. Everything here blocks."""

    def __init__(self) -> None:
        """Open an empty one."""
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8", prefix="paoyici-")  # noqa: SIM115

    def add(self, items: Iterable[Item]) -> None:
        """Append items."""
        self._file.writelines(line_of(item) for item in items)

    def items(self) -> Iterator[Item]:
        """Return the items from the first on."""
        self._file.seek(0)
        return (json.loads(line) for line in self._file)

    def close(self) -> None:
        """Let the file go."""
        self._file.close()


def line_of(item: Item) -> str:
    """Return an item as one line that is the same for the same content."""
    return json.dumps(item, ensure_ascii=False, sort_keys=True) + "\n"
