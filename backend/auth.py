"""Who may call a route: nobody in particular, the other rooms, or staff of some roles."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from backend.errors import ForbiddenError, UnauthenticatedError
from backend.events import SYSTEM, Who
from backend.office import Office
from backend.staff.login import authenticate
from backend.staff.model import ROLES, Role, StaffMember


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call a route.

    Attributes:
        public: anybody.
        service: the other rooms.
        roles: staff who hold one of them.
        own_account: also staff whose account is not ready for work yet.
    """

    public: bool = False
    service: bool = False
    roles: frozenset[Role] = frozenset()
    own_account: bool = False


PUBLIC = Access(public=True)
SERVICE = Access(service=True)
ANY_STAFF = Access(roles=ROLES)
OWN_ACCOUNT = Access(roles=ROLES, own_account=True)


def staff(*roles: Role, service: bool = False) -> Access:
    """Let staff in who have one of `roles`, and the other rooms where `service` is set."""
    return Access(service=service, roles=frozenset(roles))


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever calls: a stranger, another room, or a member of staff."""

    kind: Literal["public", "service", "staff"]
    member: StaffMember | None = None

    @property
    def id(self) -> str:
        """Return a stable name of the caller."""
        return f"staff:{self.member.id}" if self.member else self.kind

    @property
    def who(self) -> Who:
        """Return the caller as the cause of an event."""
        return Who("staff", self.member.id) if self.member else SYSTEM

    @property
    def staff(self) -> StaffMember:
        """Return the member of staff.

        Raises:
            ForbiddenError: the caller is somebody else.
        """
        if self.member is None:
            raise ForbiddenError("auth.staff_only")
        return self.member


async def authorise(office: Office, request: web.Request, access: Access) -> Caller:
    """Tell who calls and whether they may.

    Raises:
        UnauthenticatedError: no token, or one that is unknown, expired or idle for too long.
        ForbiddenError: the caller is known and this is not theirs, or not yet.
    """
    if access.public:
        return Caller("public")
    token = bearer(request)
    given = token.encode(errors="replace")
    if any(hmac.compare_digest(given, one.encode()) for one in office.settings.service_tokens):
        if not access.service:
            raise ForbiddenError("auth.staff_only")
        return Caller("service")
    member = await authenticate(office, token, for_work=not access.own_account)
    if not access.roles & member.roles:
        raise ForbiddenError("auth.forbidden")
    return Caller("staff", member)


def bearer(request: web.Request) -> str:
    """Return the request's bearer token.

    Raises:
        UnauthenticatedError: there is none.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnauthenticatedError("auth.token_missing")
    return token
