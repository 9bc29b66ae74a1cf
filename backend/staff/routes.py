"""Routes of staff: log-in and accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import segno
from aiohttp import web
from pydantic import Field, StringConstraints

from backend.auth import OWN_ACCOUNT, PUBLIC, bearer, staff
from backend.db import Transaction
from backend.handoffs.release import release_all_of
from backend.office import Office
from backend.routing import Call, Capability, Routes
from backend.source import source_of
from backend.staff import devices, guess_store, login, pace_store, presence, service, store
from backend.staff.model import LEAST_PASSWORD, MOST_PASSWORD, FirstStep, Role, StaffMember
from backend.validation import Answer, Body, Identifier, ShortText

routes = Routes("staff")
ADMIN = staff("admin")
READER = staff("admin", "auditor")
# Six digits, which people write in two groups.
MOST_CODE = 20


NewWord = Annotated[str, StringConstraints(min_length=LEAST_PASSWORD, max_length=MOST_PASSWORD)]


class LoginBody(Body):
    """User name, password, and `code` (动态码) where these were answered `staff.code_needed`."""

    username: ShortText
    password: str = Field(min_length=1, max_length=200)
    code: str = Field(default="", max_length=MOST_CODE)


class CodeBody(Body):
    """动态码: what the authenticator app shows now."""

    code: str = Field(min_length=1, max_length=MOST_CODE)


class NewStaff(Body):
    """An account to open; an administrator or auditor holds no other role."""

    username: Identifier
    name: ShortText
    password: NewWord
    roles: frozenset[Role] = Field(min_length=1)


class NewPassword(Body):
    """A password that an administrator gives, to be changed at the next log-in."""

    password: NewWord


class ChangedPassword(Body):
    """One's own password, and the one to have from now on."""

    old: str = Field(min_length=1, max_length=200)
    new: NewWord


class OwnPassword(Body):
    """The password of one's own account, asked again before it changes."""

    password: str = Field(min_length=1, max_length=200)


class StaffView(Answer):
    """An account as staff see it; before any work its `first_steps` have to be done."""

    id: str
    name: str
    username: str
    roles: list[Role]
    disabled: bool
    second_factor: bool
    first_steps: list[FirstStep]

    @classmethod
    def of(cls, office: Office, member: StaffMember) -> StaffView:
        """Return the view of an account."""
        return cls(
            id=member.id,
            name=member.name,
            username=member.username,
            roles=sorted(member.roles),
            disabled=member.disabled,
            second_factor=member.second_factor,
            first_steps=login.steps_before_work(office, member),
        )


class LoginView(Answer):
    """A session: send `token` as bearer token until `expires_at`."""

    token: str
    staff: StaffView
    expires_at: datetime


class SecondFactorView(Answer):
    """绑定动态码: what an authenticator app is told; `qr` is a picture as a `data:` address."""

    address: str
    spelled: str
    qr: str


class SessionView(Answer):
    """我的登录: one of one's own log-ins; `current` is the one that asks."""

    id: str
    opened_at: datetime | None
    seen_at: datetime
    current: bool


class SessionList(Answer):
    """我的登录, the last used first."""

    sessions: list[SessionView]


class StaffList(Answer):
    """All accounts."""

    staff: list[StaffView]


@routes.post("/staff/login", PUBLIC)
async def log_in(call: Call, body: LoginBody) -> LoginView:
    """Log in; from the fifth wrong try on this browser or address has to wait longer and longer."""
    office, request = call.office, call.request
    device = devices.known(office, body.username, request.cookies)
    opened = await login.log_in(
        office,
        login.Proof(body.username, body.password, body.code),
        source_of(request, office.settings.trusted_proxies),
        device,
    )
    call.headers["Set-Cookie"] = devices.cookie(
        office, body.username, device, office.clock.now(), request.path
    )
    return LoginView(
        token=opened.token,
        staff=StaffView.of(call.office, opened.member),
        expires_at=opened.expires_at,
    )


@routes.post("/staff/logout", OWN_ACCOUNT, status=204)
async def log_out(call: Call) -> web.Response:
    """End this session; who is at no other desk leaves their talks to the queue."""
    office, member = call.office, call.caller.staff
    await login.log_out(office, bearer(call.request), member)
    if member.id not in await presence.here(office, presence.PRESENT_FOR):
        await office.transact(
            lambda tx: release_all_of(office, tx, member.id, "logout", call.caller.who)
        )
    return web.Response(status=204)


@routes.get("/staff/me", OWN_ACCOUNT)
async def me(call: Call) -> StaffView:
    """Tell whose session this is."""
    return StaffView.of(call.office, call.caller.staff)


@routes.post("/staff/me/password", OWN_ACCOUNT, status=204)
async def change_password(call: Call, body: ChangedPassword) -> web.Response:
    """Change one's own password; every session ends, so that one logs in anew."""
    await service.change_password(call.office, call.caller.staff, body.old, body.new)
    return web.Response(status=204)


@routes.post("/staff/me/second-factor", OWN_ACCOUNT)
async def offer_second_factor(call: Call, body: OwnPassword) -> SecondFactorView:
    """绑定动态码: get a secret for an authenticator app; confirm it with a code of the app."""
    issuer = call.office.replies.say("staff.issuer")
    offered = await service.offer_second_factor(
        call.office, call.caller.staff, body.password, issuer
    )
    picture = segno.make(offered.address, error="m", micro=False)
    return SecondFactorView(
        address=offered.address,
        spelled=offered.spelled,
        qr=picture.svg_data_uri(scale=6, border=4),
    )


@routes.post("/staff/me/second-factor/confirm", OWN_ACCOUNT)
async def confirm_second_factor(call: Call, tx: Transaction, body: CodeBody) -> StaffView:
    """绑定动态码: show that the app has the secret; log-ins ask for its codes from now on."""
    member = await service.confirm_second_factor(
        call.office, tx, call.caller.staff, body.code, bearer(call.request)
    )
    return StaffView.of(call.office, member)


@routes.get("/staff/me/sessions", OWN_ACCOUNT)
async def own_sessions(call: Call) -> SessionList:
    """我的登录: list where one is logged in."""
    found = await service.sessions(call.office, call.caller.staff)
    current = login.session_id(bearer(call.request))
    return SessionList(
        sessions=[
            SessionView(
                id=each, opened_at=one.opened_at, seen_at=one.seen_at, current=each == current
            )
            for each, one in found.items()
        ]
    )


@routes.post("/staff/me/sessions/{session_id}/end", OWN_ACCOUNT)
async def end_session(call: Call, tx: Transaction) -> StaffView:
    """我的登录: end one of them."""
    member = call.caller.staff
    await service.end_session(call.office, tx, member, call.path("session_id"))
    return StaffView.of(call.office, member)


@routes.get("/staff", READER)
async def everyone(call: Call) -> StaffList:
    """List all accounts."""
    members = await service.everyone(call.office)
    return StaffList(staff=[StaffView.of(call.office, member) for member in members])


@routes.post("/staff", ADMIN, status=201)
async def create(call: Call, tx: Transaction, body: NewStaff) -> StaffView:
    """Open an account."""
    member = await service.create(
        call.office, tx, body.username, body.name, body.password, body.roles, call.caller.who
    )
    return StaffView.of(call.office, member)


@routes.post("/staff/{staff_id}/disable", ADMIN)
async def disable(call: Call, tx: Transaction) -> StaffView:
    """Switch an account off; its sessions end at once, its talks go back to the queue."""
    who = call.caller.who
    member = await service.switch(call.office, tx, call.path("staff_id"), disabled=True, who=who)
    await release_all_of(call.office, tx, member.id, "disabled", who)
    return StaffView.of(call.office, member)


@routes.post("/staff/{staff_id}/enable", ADMIN)
async def enable(call: Call, tx: Transaction) -> StaffView:
    """Switch an account on again."""
    member = await service.switch(
        call.office, tx, call.path("staff_id"), disabled=False, who=call.caller.who
    )
    return StaffView.of(call.office, member)


@routes.post("/staff/{staff_id}/password", ADMIN)
async def set_password(call: Call, tx: Transaction, body: NewPassword) -> StaffView:
    """Give an account a new password, for whoever has forgotten theirs; its sessions end."""
    member = await service.set_password(
        call.office, tx, call.path("staff_id"), body.password, call.caller.who
    )
    return StaffView.of(call.office, member)


@routes.post("/staff/{staff_id}/second-factor/remove", ADMIN)
async def remove_second_factor(call: Call, tx: Transaction) -> StaffView:
    """解除动态码: for whoever has lost their phone; the account's sessions end."""
    member = await service.remove_second_factor(
        call.office, tx, call.path("staff_id"), call.caller.who
    )
    return StaffView.of(call.office, member)


CAPABILITY = Capability(
    "staff", routes.endpoints, {**store.INDEXES, **guess_store.INDEXES, **pace_store.INDEXES}
)
