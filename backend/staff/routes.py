"""Routes of staff: log-in and accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from aiohttp import web
from pydantic import Field, StringConstraints

from backend.auth import ANY_STAFF, PUBLIC, bearer, staff
from backend.db import Transaction
from backend.routing import Call, Capability, Routes
from backend.staff import service, store
from backend.staff.model import Role, StaffMember
from backend.validation import Answer, Body, Identifier, ShortText

routes = Routes("staff")
ADMIN = staff("admin")


NewWord = Annotated[str, StringConstraints(min_length=12, max_length=200)]


class LoginBody(Body):
    """User name and password."""

    username: ShortText
    password: str = Field(min_length=1, max_length=200)


class NewStaff(Body):
    """An account to open; an administrator holds no other role."""

    username: Identifier
    name: ShortText
    password: NewWord
    roles: frozenset[Role] = Field(min_length=1)


class NewPassword(Body):
    """A password that an administrator gives."""

    password: NewWord


class ChangedPassword(Body):
    """One's own password, and the one to have from now on."""

    old: str = Field(min_length=1, max_length=200)
    new: NewWord


class StaffView(Answer):
    """An account as staff see it."""

    id: str
    name: str
    username: str
    roles: list[Role]
    disabled: bool

    @classmethod
    def of(cls, member: StaffMember) -> StaffView:
        """Return the view of an account."""
        return cls(
            id=member.id,
            name=member.name,
            username=member.username,
            roles=sorted(member.roles),
            disabled=member.disabled,
        )


class LoginView(Answer):
    """A session: send `token` as bearer token until `expires_at`."""

    token: str
    staff: StaffView
    expires_at: datetime


class StaffList(Answer):
    """All accounts."""

    staff: list[StaffView]


@routes.post("/staff/login", PUBLIC)
async def log_in(call: Call, body: LoginBody) -> LoginView:
    """Log in; five wrong passwords lock the account for fifteen minutes."""
    login = await service.log_in(call.office, body.username, body.password)
    return LoginView(
        token=login.token, staff=StaffView.of(login.member), expires_at=login.expires_at
    )


@routes.post("/staff/logout", ANY_STAFF, status=204)
async def log_out(call: Call) -> web.Response:
    """End this session."""
    await service.log_out(call.office, bearer(call.request))
    return web.Response(status=204)


@routes.get("/staff/me", ANY_STAFF)
async def me(call: Call) -> StaffView:
    """Tell whose session this is."""
    return StaffView.of(call.caller.staff)


@routes.post("/staff/me/password", ANY_STAFF, status=204)
async def change_password(call: Call, body: ChangedPassword) -> web.Response:
    """Change one's own password; every session ends, so that one logs in anew."""
    await service.change_password(call.office, call.caller.staff, body.old, body.new)
    return web.Response(status=204)


@routes.get("/staff", ADMIN)
async def everyone(call: Call) -> StaffList:
    """List all accounts."""
    members = await service.everyone(call.office)
    return StaffList(staff=[StaffView.of(member) for member in members])


@routes.post("/staff", ADMIN, status=201)
async def create(call: Call, tx: Transaction, body: NewStaff) -> StaffView:
    """Open an account."""
    member = await service.create(
        call.office, tx, body.username, body.name, body.password, body.roles, call.caller.who
    )
    return StaffView.of(member)


@routes.post("/staff/{staff_id}/disable", ADMIN)
async def disable(call: Call, tx: Transaction) -> StaffView:
    """Switch an account off; its sessions end at once."""
    member = await service.switch(
        call.office, tx, call.path("staff_id"), disabled=True, who=call.caller.who
    )
    return StaffView.of(member)


@routes.post("/staff/{staff_id}/enable", ADMIN)
async def enable(call: Call, tx: Transaction) -> StaffView:
    """Switch an account on again."""
    member = await service.switch(
        call.office, tx, call.path("staff_id"), disabled=False, who=call.caller.who
    )
    return StaffView.of(member)


@routes.post("/staff/{staff_id}/password", ADMIN)
async def set_password(call: Call, tx: Transaction, body: NewPassword) -> StaffView:
    """Give an account a new password, for whoever has forgotten theirs; its sessions end."""
    member = await service.set_password(
        call.office, tx, call.path("staff_id"), body.password, call.caller.who
    )
    return StaffView.of(member)


CAPABILITY = Capability("staff", routes.endpoints, store.INDEXES)
