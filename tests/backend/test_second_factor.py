"""等保三级, two-factor log-in: what one knows, and a code of what one has (动态码, RFC 6238)."""

from __future__ import annotations

import asyncio
import base64
import threading
from datetime import UTC, datetime, timedelta

import pytest
from accounts import own_password
from argon2 import PasswordHasher

from backend.errors import ConflictError
from backend.staff.second_factor import address, code_at, new_secret, spelled, step_of
from backend.staff.service import offer_second_factor
from backend.staff.store import member

SECRET = b"12345678901234567890"
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
WHO = {"username": "agent", "password": own_password("agent")}
OWN = "/staff/me/second-factor"
PASSWORD = {"password": own_password("agent")}


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_rfc_6238_appendix_b(seconds, code):
    assert code_at(SECRET, datetime.fromtimestamp(seconds, UTC)) == code


def test_a_phones_clock_may_be_a_step_off_and_no_more():
    for seconds, accepted in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        code = code_at(SECRET, NOW + timedelta(seconds=seconds))
        assert (step_of(SECRET, code, NOW, 0) is not None) is accepted, seconds


def test_a_code_is_accepted_once_and_may_be_typed_in_groups():
    code = code_at(SECRET, NOW)
    step = step_of(SECRET, f" {code[:3]} {code[3:]} ", NOW, 0)
    assert step == int(NOW.timestamp()) // 30
    assert step_of(SECRET, code, NOW, step) is None


def test_what_is_no_code_is_not_accepted():
    for typed in ("", "12345", "１２３４５６", "abcdef", code_at(SECRET, NOW) + "0"):
        assert step_of(SECRET, typed, NOW, 0) is None, typed


def test_a_secret_is_as_long_as_rfc_4226_asks_and_told_to_the_app():
    secret = new_secret()
    assert len(secret) == 20
    assert new_secret() != secret
    told = address(secret, "agent", "跑一次工作台")
    assert told.startswith("otpauth://totp/")
    assert f"secret={spelled(secret).replace(' ', '')}" in told


class Phone:
    """An authenticator app that was given an account's secret."""

    def __init__(self, offered, hands):
        self.secret = base64.b32decode(offered["spelled"].replace(" ", ""))
        self.hands = hands

    @property
    def code(self):
        """What it shows now."""
        return code_at(self.secret, self.hands.now())


@pytest.fixture
async def phone(login, hands):
    """The phone of the agent, who added a second factor."""
    agent = await login("agent")
    status, offered = await agent.post(OWN, PASSWORD)
    assert (status, offered["qr"][:19]) == (200, "data:image/svg+xml;")
    app = Phone(offered, hands)
    status, me = await agent.post(f"{OWN}/confirm", {"code": app.code})
    assert (status, me["second_factor"]) == (200, True)
    hands.advance(seconds=30)
    return app


async def test_a_log_in_asks_for_the_code_and_takes_each_once(phone, stranger):
    status, answer = await stranger.post("/staff/login", WHO)
    assert (status, answer["error"]["key"]) == (401, "staff.code_needed")
    coded = WHO | {"code": phone.code}
    assert (await stranger.post("/staff/login", coded))[0] == 200
    status, answer = await stranger.post("/staff/login", coded)
    assert (status, answer["error"]["key"]) == (401, "staff.code_wrong")


async def test_the_code_that_confirmed_opens_no_session(phone, stranger, hands):
    hands.advance(seconds=-30)
    status, answer = await stranger.post("/staff/login", WHO | {"code": phone.code})
    assert (status, answer["error"]["key"]) == (401, "staff.code_wrong")


async def test_codes_are_not_guessed(phone, stranger):
    wrong = f"{(int(phone.code) + 1) % 1_000_000:06d}"
    guesses = [await stranger.post("/staff/login", WHO | {"code": wrong}) for _ in range(5)]
    assert {answer["error"]["key"] for _, answer in guesses} == {"staff.code_wrong"}
    status, answer = await stranger.post("/staff/login", WHO | {"code": phone.code})
    assert (status, answer["error"]["key"]) == (429, "staff.locked")


async def test_a_wrong_password_says_nothing_of_a_second_factor(phone, stranger):
    wrong = WHO | {"password": "guess", "code": phone.code}
    assert (await stranger.post("/staff/login", wrong))[1]["error"]["key"] == "staff.wrong_password"


async def test_an_open_desk_alone_adds_no_second_factor(login, stranger):
    agent = await login("agent")
    assert (await agent.post(OWN))[0] == 422
    answers = [await agent.post(OWN, {"password": "guess"}) for _ in range(6)]
    keys = [answer["error"]["key"] for _, answer in answers]
    assert keys == ["staff.old_password_wrong"] * 5 + ["staff.locked"]
    assert (await stranger.post("/staff/login", WHO))[0] == 200, "log-ins go on"


async def test_an_offered_secret_counts_only_once_its_code_was_shown(login, stranger, hands):
    agent = await login("agent")
    first = Phone((await agent.post(OWN, PASSWORD))[1], hands)
    second = Phone((await agent.post(OWN, PASSWORD))[1], hands)
    assert (await stranger.post("/staff/login", WHO))[0] == 200, "nothing is confirmed yet"
    status, answer = await agent.post(f"{OWN}/confirm", {"code": first.code})
    assert (status, answer["error"]["key"]) == (422, "staff.code_wrong")
    assert (await agent.post(f"{OWN}/confirm", {"code": second.code}))[0] == 200


async def test_whoever_has_one_gets_no_other_before_an_administrator_removed_it(
    phone, login, stranger, holder, office
):
    _, opened = await stranger.post("/staff/login", WHO | {"code": phone.code})
    agent, admin = holder(opened["token"]), await login("admin")
    for path, body, key in (
        (OWN, PASSWORD, "second_factor_there"),
        (f"{OWN}/confirm", {"code": phone.code}, "second_factor_none"),
    ):
        status, answer = await agent.post(path, body)
        assert (status, answer["error"]["key"]) == (409, f"staff.{key}")
    remove = f"/staff/{opened['staff']['id']}/second-factor/remove"
    assert (await agent.post(remove))[0] == 403
    status, account = await admin.post(remove)
    assert (status, account["second_factor"]) == (200, False)
    assert (await agent.get("/staff/me"))[0] == 401, "the sessions have ended"
    assert (await stranger.post("/staff/login", WHO))[0] == 200
    kinds = await office.database["events"].distinct("type", {"entity_id": account["id"]})
    assert {"staff.second_factor_added", "staff.second_factor_removed"} <= set(kinds)
    me = (await admin.get("/staff/me"))[1]["id"]
    status, answer = await admin.post(f"/staff/{me}/second-factor/remove")
    assert (status, answer["error"]["key"]) == (409, "staff.not_yourself")
    assert (await admin.post("/staff/nobody/second-factor/remove"))[0] == 404


async def test_the_secret_lies_nowhere_in_clear(phone, office):
    stored = await office.database["staff"].find_one({"username": "agent"})
    events = await office.database["events"].find({}).to_list(100)
    assert phone.secret not in stored["second_factor"]["secret"]
    typed = spelled(phone.secret)
    for spelt in (phone.secret.hex(), typed, typed.replace(" ", "")):
        assert spelt not in str(stored) + str(events)


class TestWhereItIsRequired:
    """`STAFF_SECOND_FACTOR=required`: nobody works without."""

    @pytest.fixture
    def settings(self, settings):
        """Settings of such an office."""
        return settings.model_copy(update={"staff_second_factor": "required"})

    async def test_nobody_works_before_they_added_one(self, stranger, holder, hands):
        _, opened = await stranger.post("/staff/login", WHO)
        assert opened["staff"]["first_steps"] == ["second_factor"]
        agent = holder(opened["token"])
        status, answer = await agent.get("/desk/handoffs")
        assert (status, answer["error"]["key"]) == (403, "auth.first_steps")
        app = Phone((await agent.post(OWN, PASSWORD))[1], hands)
        _, me = await agent.post(f"{OWN}/confirm", {"code": app.code})
        assert me["first_steps"] == []
        assert (await agent.get("/desk/handoffs"))[0] == 200, "the session goes on"


@pytest.fixture
def held(monkeypatch):
    """The first password to be checked is held in the middle of its check: begun, release."""
    begun, release, first = threading.Event(), threading.Event(), iter([True])
    verify = PasswordHasher.verify

    def slow(self, *proofs):
        if next(first, False):
            begun.set()
            release.wait(10)
        return verify(self, *proofs)

    monkeypatch.setattr(PasswordHasher, "verify", slow)
    yield begun, release
    release.set()


async def test_a_log_in_under_way_does_not_pass_the_lock(phone, stranger, held):
    """等保三级, lock-out: five failures lock, however many log-ins were begun before the fifth."""
    begun, release = held
    code = phone.code
    under_way = asyncio.create_task(stranger.post("/staff/login", WHO | {"code": code}))
    assert await asyncio.to_thread(begun.wait, 10)
    wrong = WHO | {"code": f"{(int(code) + 1) % 1_000_000:06d}"}
    for _ in range(5):
        assert (await stranger.post("/staff/login", wrong))[0] == 401
    release.set()
    status, answer = await under_way
    assert (status, answer["error"]["key"]) == (429, "staff.locked")


async def test_a_log_in_under_way_does_not_outlive_the_password(phone, login, stranger, held):
    begun, release = held
    under_way = asyncio.create_task(stranger.post("/staff/login", WHO | {"code": phone.code}))
    assert await asyncio.to_thread(begun.wait, 10)
    admin = await login("admin")
    everyone = (await admin.get("/staff"))[1]["staff"]
    me = next(account["id"] for account in everyone if account["username"] == "agent")
    assert (await admin.post(f"/staff/{me}/password", {"password": "another-password"}))[0] == 200
    release.set()
    assert (await under_way)[1]["error"]["key"] == "staff.wrong_password"


async def test_a_session_opened_by_a_password_alone_ends_when_a_factor_is_added(
    login, stranger, hands
):
    thief, owner = await login("agent"), await login("agent")
    app = Phone((await owner.post(OWN, PASSWORD))[1], hands)
    assert (await owner.post(f"{OWN}/confirm", {"code": app.code}))[0] == 200
    assert (await thief.get("/staff/me"))[0] == 401
    assert (await owner.get("/staff/me"))[0] == 200


async def test_an_offer_under_way_undoes_no_factor(phone, office):
    account = await office.database["staff"].find_one({"username": "agent"})
    late = member(account | {"second_factor": {}})
    with pytest.raises(ConflictError):
        await offer_second_factor(office, late, PASSWORD["password"], "跑一次工作台")
    assert (await office.database["staff"].find_one({"_id": late.id}))["second_factor"]["confirmed"]


async def test_only_a_factor_that_is_there_is_removed(login):
    admin, agent = await login("admin"), await login("agent")
    me = (await agent.get("/staff/me"))[1]["id"]
    status, answer = await admin.post(f"/staff/{me}/second-factor/remove")
    assert (status, answer["error"]["key"]) == (409, "staff.second_factor_absent")
