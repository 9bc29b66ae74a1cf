"""渠道身份 at rest: sealed, and looked up by a keyed index; never in clear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from backend.events import Who
from backend.people.model import Identity
from backend.privacy import Privacy

_PURPOSE = "identity"


def index_of(privacy: Privacy, key: str) -> str:
    """Return what is written of an identity to look it up by.

    Args:
        privacy: the office's keys.
        key: the identity as one string, such as `web:…`.
    """
    return privacy.blind_index(_PURPOSE, key)


def indexes_of(privacy: Privacy, *keys: str) -> list[str]:
    """Return by what some identities may be found, what is written now first."""
    return [index for key in keys for index in privacy.blind_indexes(_PURPOSE, key)]


def seal(privacy: Privacy, identity: Identity) -> bytes:
    """Return an identity sealed."""
    return privacy.seal_document(asdict(identity))


def unseal(privacy: Privacy, sealed: bytes) -> Identity:
    """Return the identity that `seal` was given."""
    return Identity(**privacy.unseal_document(sealed))


def identity_in(document: Mapping[str, Any], sealed: Mapping[str, Any]) -> Identity:
    """Return whose a record is; an earlier version wrote it in clear.

    Args:
        document: the record as it is kept.
        sealed: what is sealed in it, opened.
    """
    return Identity(**(document.get("identity") or sealed["identity"]))


def citizen(privacy: Privacy, identity: Identity) -> Who:
    """Return a citizen as the one who causes an event; nobody looks events up by it."""
    return Who("citizen", sealed=privacy.seal_text(identity.key))


def identity_of(key: str) -> Identity:
    """Return the identity that an earlier version wrote as one string."""
    channel, _, id = key.partition(":")
    return Identity(channel, id)
