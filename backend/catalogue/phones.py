"""公开电话 The phones that stand in the versions of the catalogue this process has served."""

from __future__ import annotations


class Phones:
    """Phones of departments by the version's content, which never changes."""

    def __init__(self) -> None:
        self._of: dict[str, frozenset[str]] = {}

    def get(self, digest: str) -> frozenset[str] | None:
        """Return the phones of a version, None before they were read."""
        return self._of.get(digest)

    def keep(self, digest: str, phones: frozenset[str]) -> None:
        """Remember the phones of the version that is served, and forget the others."""
        self._of = {digest: phones}
