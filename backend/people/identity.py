"""渠道身份 Who asks, as requests say it; every capability's routes read it the same way."""

from __future__ import annotations

from backend.people.model import Identity
from backend.validation import Body, Identifier


class IdentityBody(Body):
    """渠道身份 Who asks, as their channel knows them."""

    channel: Identifier
    id: Identifier

    @property
    def identity(self) -> Identity:
        """Return the identity as the rules know it."""
        return Identity(self.channel, self.id)


class OwnerBody(Body):
    """渠道身份 Who asks for what is theirs: in a body, because addresses are written into logs."""

    identity: IdentityBody

    @property
    def owner(self) -> Identity:
        """Return the identity as the rules know it."""
        return self.identity.identity
