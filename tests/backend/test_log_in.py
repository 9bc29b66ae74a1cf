"""防猜: what a stranger may try at the log-in, and what they learn and stop by it."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from accounts import own_password
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request
from servers import free_port

from backend.app import create_app
from backend.clock import SHANGHAI
from backend.settings import Settings
from backend.source import source_of
from backend.staff import login as log_in_module
from backend.staff.guesses import tell_locks
from backend.staff.model import Guesses, after_failure, locked_for
from backend.staff.pace import Pace

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
RIGHT = {"username": "agent", "password": own_password("agent")}
WRONG = {"username": "agent", "password": "guess"}
NOBODY = {"username": "nobody", "password": "guess"}
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


class Browser:
    """Somebody at an address, with or without the cookies of earlier log-ins."""

    def __init__(self, client: Any, address: str) -> None:
        self.client = client
        self.address = address
        self.cookies: dict[str, str] = {}

    async def log_in(self, body: dict[str, str]) -> tuple[int, Any, Any]:
        """Try; return status, answer and headers."""
        headers = {"X-Forwarded-For": self.address}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        self.client.session.cookie_jar.clear()
        async with self.client.post("/api/v1/staff/login", json=body, headers=headers) as got:
            self.cookies |= {name: morsel.value for name, morsel in got.cookies.items()}
            return got.status, await got.json(), got.headers


@pytest.fixture
def browser(client: Any) -> Any:
    """Open a browser somewhere: `browser("203.0.113.7")`."""
    return lambda address: Browser(client, address)


def test_every_failure_from_the_fifth_on_locks_twice_as_long_up_to_a_quarter_of_an_hour() -> None:
    guesses, waits = Guesses(), []
    for _ in range(12):
        guesses = after_failure(guesses, NOW)
        waits.append(locked_for(guesses, NOW))
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]
    assert locked_for(guesses, NOW + timedelta(minutes=15)) == 0
    assert after_failure(guesses, NOW + timedelta(days=1)).failures == 1


async def test_a_lock_holds_at_its_address_only_and_says_how_long(browser: Any, hands: Any) -> None:
    stranger, clerk = browser(ELSEWHERE), browser(HOME)
    for _ in range(5):
        assert (await stranger.log_in(WRONG))[0] == 401
    status, answer, headers = await stranger.log_in(RIGHT)
    assert (status, answer["error"]["key"]) == (429, "staff.locked")
    assert headers["Retry-After"] == "30"
    assert "30 秒" in answer["error"]["message"]
    assert (await clerk.log_in(RIGHT))[0] == 200
    hands.advance(seconds=30)
    assert (await stranger.log_in(WRONG))[0] == 401
    _, answer, headers = await stranger.log_in(WRONG)
    assert (headers["Retry-After"], "1 分钟" in answer["error"]["message"]) == ("60", True)
    hands.advance(seconds=60)
    assert (await stranger.log_in(RIGHT))[0] == 200


async def test_guesses_at_the_same_moment_are_all_counted(browser: Any) -> None:
    stranger = browser(ELSEWHERE)
    answers = await asyncio.gather(*(stranger.log_in(WRONG) for _ in range(12)))
    assert {status for status, _, _ in answers} <= {401, 429}
    _, answer, headers = await stranger.log_in(RIGHT)
    assert answer["error"]["key"] == "staff.locked"
    assert int(headers["Retry-After"]) >= 30


async def test_a_lock_that_has_passed_stands_in_the_history_of_whoever_logs_in(
    browser: Any, hands: Any, office: Any
) -> None:
    clerk = browser(HOME)
    for _ in range(5):
        await clerk.log_in(WRONG)
    hands.advance(seconds=31)
    assert (await clerk.log_in(RIGHT))[0] == 200
    await tell_locks(office)
    told = office.database["events"].find({"entity": "staff"}).sort("position", 1)
    types = [event["type"] async for event in told]
    assert types == ["staff.locked", "staff.in"]


async def test_a_browser_that_logged_in_before_is_not_shut_out_by_a_neighbour(
    browser: Any,
) -> None:
    clerk, neighbour, colleague = browser(HOME), browser(HOME), browser(HOME)
    assert (await clerk.log_in(RIGHT))[0] == 200
    other = {"username": "agent2", "password": own_password("agent2")}
    assert (await colleague.log_in(other))[0] == 200
    for _ in range(6):
        await neighbour.log_in(WRONG)
    assert (await neighbour.log_in(RIGHT))[0] == 429
    assert (await clerk.log_in(RIGHT))[0] == 200
    assert (await colleague.log_in(RIGHT))[0] == 429, "known for an account of its own only"
    for _ in range(5):
        assert (await clerk.log_in(WRONG))[0] == 401
    assert (await clerk.log_in(RIGHT))[0] == 429, "a known one has no more tries than others"


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.replace(".", "..", 1),
        lambda value: "0" * 32 + value[32:],
        lambda value: value[:-1] + ("0" if value[-1] != "0" else "1"),
        lambda value: "\xff;=,\x22",
        lambda value: "",
    ],
)
async def test_a_made_up_cookie_is_a_strange_browser(browser: Any, change: Any) -> None:
    clerk = browser(HOME)
    await clerk.log_in(RIGHT)
    clerk.cookies = {name: change(text) for name, text in clerk.cookies.items()}
    for _ in range(5):
        assert (await clerk.log_in(WRONG))[0] == 401
    assert (await browser(HOME).log_in(RIGHT))[0] == 429, "it was counted by the address"


async def test_a_browser_is_forgotten_after_half_a_year(browser: Any, hands: Any) -> None:
    clerk = browser(HOME)
    await clerk.log_in(RIGHT)
    hands.advance(days=181)
    for _ in range(5):
        await browser(HOME).log_in(WRONG)
    assert (await clerk.log_in(RIGHT))[0] == 429


async def test_the_cookie_is_seen_by_log_ins_only(browser: Any) -> None:
    _, _, headers = await browser(HOME).log_in(RIGHT)
    cookie = headers["Set-Cookie"]
    for word in ("HttpOnly", "SameSite=Strict", "Path=/api/v1/staff/login"):
        assert word in cookie
    assert "agent" not in cookie


async def test_a_name_that_nobody_has_is_answered_like_any_other(browser: Any) -> None:
    one, other = browser(HOME), browser(ELSEWHERE)
    known = [(await one.log_in(WRONG))[:2] for _ in range(7)]
    absent = [(await other.log_in(NOBODY))[:2] for _ in range(7)]
    assert known == absent
    assert [status for status, _ in known] == [401] * 5 + [429] * 2


def _ratios(took: dict[str, list[float]]) -> list[float]:
    """Return the quickest of each over the quickest of the first: a busy machine only ever adds."""
    known, *others = (min(times) for times in took.values())
    return [other / known for other in others]


async def test_an_answer_takes_as_long_for_a_name_that_nobody_has(
    browser: Any, login: Any, office: Any
) -> None:
    admin = await login("admin")
    off = {"username": "agent2", "password": own_password("agent2")}
    everyone = (await admin.get("/staff"))[1]["staff"]
    place = next(one["id"] for one in everyone if one["username"] == off["username"])
    assert (await admin.post(f"/staff/{place}/disable"))[0] == 200
    bodies = {"known": WRONG, "absent": NOBODY, "off": off}
    took: dict[str, list[float]] = {name: [] for name in bodies}
    for turn in range(60):
        for name, body in bodies.items():
            stranger = browser(f"203.0.113.{turn}")
            begun = time.perf_counter()
            assert (await stranger.log_in(body))[0] == 401
            took[name].append(time.perf_counter() - begun)
        if turn >= 11 and all(0.75 < ratio < 1.34 for ratio in _ratios(took)):
            break
    assert all(0.75 < ratio < 1.34 for ratio in _ratios(took)), took
    assert not log_in_module._HASHER.check_needs_rehash(log_in_module._NOBODYS_HASH)


async def test_made_up_names_leave_nothing_that_lasts(browser: Any, office: Any) -> None:
    before = {
        name: await office.database[name].count_documents({})
        for name in await office.database.list_collection_names()
    }
    stranger = browser(HOME)
    for _ in range(6):
        await stranger.log_in(NOBODY)
    await tell_locks(office)
    after = {name: await office.database[name].count_documents({}) for name in before}
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"staff_guesses", "staff_pace"}
    for name in changed:
        kept = await office.database[name].find_one({})
        assert "expires_at" in kept
        assert "untold" not in kept
        assert "nobody" not in str(kept)
        assert HOME not in str(kept)


class TestPace:
    """`STAFF_LOGINS_PER_MINUTE`: what one address may cost."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """An office that takes five a minute."""
        return settings.model_copy(update={"staff_logins_per_minute": 5})

    async def test_one_address_is_told_to_wait_before_any_password_is_checked(
        self, browser: Any, hands: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        checks = []
        real = log_in_module._verify

        async def counted(*given: Any) -> bool:
            checks.append(1)
            return await real(*given)

        monkeypatch.setattr(log_in_module, "_verify", counted)
        hands.advance(seconds=20)
        answers = [
            await browser(HOME).log_in({"username": f"u{place}", "password": "guess"})
            for place in range(7)
        ]
        assert [status for status, _, _ in answers] == [401] * 5 + [429] * 2
        assert answers[-1][1]["error"]["key"] == "staff.too_often"
        assert answers[-1][2]["Retry-After"] == "40"
        assert len(checks) == 5
        assert (await browser(ELSEWHERE).log_in(RIGHT))[0] == 200
        hands.advance(seconds=40)
        assert (await browser(HOME).log_in(RIGHT))[0] == 200

    @pytest.mark.parametrize("redis", ["there", "away"])
    async def test_a_second_process_and_a_lost_redis_give_nobody_more_tries(
        self, browser: Any, settings: Settings, hands: Any, redis: str
    ) -> None:
        url = settings.redis_url if redis == "there" else f"redis://127.0.0.1:{free_port()}/0"
        own = settings.model_copy(update={"redis_url": url})
        second = await asyncio.to_thread(create_app, own, hands)
        bodies = [{"username": f"u{place}", "password": "guess"} for place in range(8)]
        async with TestClient(TestServer(second)) as other:
            here, there = browser(HOME), Browser(other, HOME)
            answers = [
                (await (there if place % 2 else here).log_in(body))[0]
                for place, body in enumerate(bodies)
            ]
        assert answers == [401] * 5 + [429] * 3


async def test_a_place_that_had_its_tries_is_refused_without_a_write(office: Any) -> None:
    pace, kept = Pace(), office.database["staff_pace"]

    async def wait(place: str, now: datetime = NOW) -> int:
        return await pace.wait(office.database, place, now, 1)

    tries = await asyncio.gather(*(wait("0") for _ in range(10)))
    assert sorted(tries) == [0] + [60] * 9
    written = (await kept.find_one({}))["tries"]
    assert await wait("0") == 60
    assert (await kept.find_one({}))["tries"] == written
    assert await wait("1") == 0
    assert await wait("0", NOW + timedelta(minutes=1)) == 0


TRUSTED = tuple(map(ip_network, ("127.0.0.0/8", "::1/128", "10.0.0.0/8")))


@pytest.mark.parametrize(
    ("peer", "told", "source"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.9"], "203.0.113.7"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.9"], "198.51.100.9"),
        ("127.0.0.1", ["1.2.3.4, 198.51.100.9"], "198.51.100.9"),
        ("127.0.0.1", ["1.2.3.4", "198.51.100.9, 10.0.0.5"], "198.51.100.9"),
        ("::1", ["garbage, 10.0.0.5"], "::/64"),
        ("127.0.0.1", ["<script>"], "127.0.0.1"),
        ("127.0.0.1", ["1.2.3.4, "], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.9:443"], "127.0.0.1"),
        ("127.0.0.1", ["10.0.0.9, 10.0.0.5"], "10.0.0.9"),
        ("::ffff:127.0.0.1", ["::ffff:198.51.100.9"], "198.51.100.9"),
        ("127.0.0.1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("127.0.0.1", ["2001:db8:1:2:ffff::1"], "2001:db8:1:2::/64"),
        ("", ["198.51.100.9"], "unknown"),
    ],
)
def test_a_source_is_the_last_hop_that_no_trusted_proxy_is(
    peer: str, told: list[str], source: str
) -> None:
    headers = [("X-Forwarded-For", each) for each in told]
    request = make_mocked_request("GET", "/", headers).clone(remote=peer)
    assert source_of(request, TRUSTED) == source


def test_the_trusted_proxies_are_networks_in_a_list() -> None:
    fields = {
        "mongodb_uri": "mongodb://localhost",
        "service_token": "x" * 16,
        "data_keys": "4FuPgK8Fl1PEF9Bl3rGnHsQYb2pLSn8H6Y0b3HJrWwE=",
        "blind_index_key": "ab" * 32,
        "token_key": "cd" * 32,
    }
    one = Settings.model_validate(fields | {"trusted_proxies": "10.0.0.0/8, fd00::/8"})
    assert one.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings.model_validate(fields | {"trusted_proxies": "the proxy"})
