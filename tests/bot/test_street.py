"""What the door shows the street: its own conversations to their owners, and little else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from citizen import Citizen
from conftest import ROOT

from bot.replies import Replies
from bot.settings import SettingsError, load_settings

REPLIES = Replies.load(ROOT / "data")


async def test_the_log_is_shown_to_its_own_citizen(citizen):
    assert (await citizen.request("GET", "/messages")).json == {"messages": []}
    await citizen.say("您好")
    log = (await citizen.request("GET", "/messages?after=1")).json["messages"]
    assert [message["body"]["text"] for message in log] == ["答:您好"]


async def test_a_token_reads_its_own_conversation_and_no_other(citizen, door, http):
    await citizen.say("秘密")
    other = await Citizen.arrive(http, door.url)
    await other.say("公开")
    log = (await other.request("GET", "/messages")).json["messages"]
    assert [message["body"]["text"] for message in log] == ["公开", "答:公开"]


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic x"},
        {"Authorization": "Bearer x"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "messages"), ("GET", "messages"), ("POST", "media"), ("GET", "media/1"),
     ("DELETE", "conversations")],
)  # fmt: skip
async def test_every_path_of_a_conversation_needs_its_token(door, http, method, path, header):
    async with http.request(
        method, f"{door.url}/channels/web/{path}", headers=header, json={}
    ) as answer:
        assert answer.status == 401
        assert (await answer.json())["error"]["key"].startswith("session.")


async def test_tokens_are_stored_only_as_hashes(citizen, door):
    await citizen.say("您好")
    rows = [row async for row in door.door.database["web_sessions"].find({})]
    assert rows[0]["conversation_id"] == citizen.conversation_id
    assert citizen.token not in str(rows)


async def test_every_route_of_the_door_is_known(door):
    """A new path has to be thought about: add it here with what protects it."""
    known = {
        "/healthz": "open, says only which parts answer",
        "/metrics": "loopback or service token",
        "/channels/web/conversations": "open, many of one address are delayed; token to end one",
        "/channels/web/messages": "token",
        "/channels/web/media": "token",
        "/channels/web/media/{media_id}": "token",
        "/channels/web/ws": "token in the first frame",
        "/": "built page",
        "/assets/{path}": "built page",
        "/privacy": "privacy notice",
        "/{name}": "built page",
    }
    paths = {resource.canonical for resource in door.app.router.resources()}
    assert paths == set(known)


async def test_every_answer_trusts_only_its_own_origin(door, http):
    for path in ("/", "/healthz", "/nothing", "/channels/web/messages"):
        async with http.get(door.url + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy
            assert "frame-ancestors 'self'" in policy
            assert "unsafe-eval" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_web_view_can_be_allowed_to_frame_the_page(start_door, http):
    door = await start_door(frame_ancestors="https://mini.example.gov.cn")
    async with http.get(door.url + "/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors https://mini.example.gov.cn" in policy


async def test_a_page_that_was_not_built_says_so(door, http):
    async with http.get(door.url + "/") as answer:
        assert answer.status == 503
        assert "make run" in await answer.text()


def compressed_siblings(file: Path, content: bytes) -> None:
    """Write a file with siblings that say which they are."""
    file.write_bytes(content)
    for ending in (".br", ".gz"):
        file.with_name(file.name + ending).write_bytes(ending.encode() + content)


@pytest.mark.parametrize(
    ("accepted", "encoding", "content"),
    [
        ("gzip, deflate, br, zstd", "br", b".br1"),
        ("gzip", "gzip", b".gz1"),
        ("identity", None, b"1"),
    ],
)
async def test_a_part_is_served_as_small_as_the_browser_takes_it(
    built_page, door, http, accepted, encoding, content
):
    compressed_siblings(built_page / "assets" / "app-1a2b.js", b"1")
    headers = {"Accept-Encoding": accepted}
    async with http.get(
        door.url + "/assets/app-1a2b.js", headers=headers, auto_decompress=False
    ) as part:
        assert part.headers.get("Content-Encoding") == encoding
        assert part.headers.getall("Vary") == ["Accept-Encoding"]
        assert part.content_type.endswith("/javascript")
        assert "immutable" in part.headers["Cache-Control"]
        assert await part.read() == content


@pytest.fixture
def built_page(settings) -> Path:
    """A built page, and a secret beside its folder."""
    folder = settings.static_dir_citizen
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>跑一次</title>", encoding="utf-8")
    (folder / "assets" / "app-1a2b.js").write_text("1", encoding="utf-8")
    (folder / "icon.svg").write_text("<svg/>", encoding="utf-8")
    (folder.parent / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "assets" / "leak.txt").symlink_to(folder.parent / "secret.txt")
    return folder


async def test_the_built_page_is_served_and_its_parts_are_kept(built_page, door, http):
    async with http.get(door.url + "/") as page:
        assert "跑一次" in await page.text()
        assert page.headers["Cache-Control"] == "no-cache"
    async with http.get(door.url + "/assets/app-1a2b.js") as part:
        assert part.status == 200
        assert "immutable" in part.headers["Cache-Control"]
    async with http.get(door.url + "/icon.svg") as icon:
        assert icon.content_type == "image/svg+xml"


@pytest.mark.parametrize(
    "path",
    ["/assets/..%2f..%2fsecret.txt", "/assets/%2e%2e/%2e%2e/secret.txt", "/assets/leak.txt",
     "/assets/%00", "/assets/" + "x" * 5000, "/secret.txt", "/assets/", "/assets"],
)  # fmt: skip
async def test_no_path_leads_out_of_the_built_page(built_page, door, http, path):
    async with http.get(door.url + path) as answer:
        assert answer.status == 404
        assert "secret" not in await answer.text()


async def test_unknown_paths_and_methods_get_a_key(door, http):
    async with http.get(door.url + "/nothing") as answer:
        assert (answer.status, (await answer.json())["error"]["key"]) == (404, "path.not_found")
    async with http.delete(door.url + "/channels/web/messages") as answer:
        assert answer.status == 405
        assert (await answer.json())["error"]["key"] == "method.not_allowed"


async def test_health_names_each_part(door, http, dialogue, office):
    async with http.get(door.url + "/healthz") as answer:
        assert answer.status == 200
        assert await answer.json() == {
            "status": "ok",
            "parts": {"mongodb": "ok", "redis": "ok", "office": "ok", "dialogue": "ok"},
            "set_aside": 0,
        }
    office.away = True
    async with http.get(door.url + "/healthz") as answer:
        health = await answer.json()
        assert (answer.status, health["status"], health["parts"]["office"]) == (
            200,
            "degraded",
            "away",
        )


async def test_metrics_are_for_this_machine_and_for_other_rooms(door, http, citizen):
    await citizen.say("您好")
    async with http.get(door.url + "/metrics") as answer:
        text = await answer.text()
        assert "paoyici_turns_total" in text
        assert citizen.conversation_id not in text
    proxied = {"X-Forwarded-For": "203.0.113.7"}
    async with http.get(door.url + "/metrics", headers=proxied) as answer:
        assert answer.status == 404
    token = proxied | {"Authorization": "Bearer a-service-token-of-tests"}
    async with http.get(door.url + "/metrics", headers=token) as answer:
        assert answer.status == 200


def test_every_error_key_of_the_door_has_a_sentence():
    used = set()
    for file in (ROOT / "bot").rglob("*.py"):
        if "web" in file.relative_to(ROOT / "bot").parts[:1]:
            continue
        source = file.read_text(encoding="utf-8")
        used |= set(re.findall(r'Error\(\s*"([a-z_]+\.[a-z_]+)"', source))
        used |= set(re.findall(r'(?:away_key = |: )"([a-z]+\.[a-z_]+)"', source))
    assert len(used) > 15
    assert used <= set(REPLIES.errors)


def test_the_doors_sentences_are_short_and_warm():
    for sentence in REPLIES.errors.values():
        assert len(sentence) <= 45
        assert not re.search(r"请知悉|系统繁忙|稍后再试|非法|错误代码", sentence)


def test_a_missing_setting_is_named(monkeypatch):
    for name in ("MONGODB_URI", "REDIS_URL", "BACKEND_URL", "SERVICE_TOKEN", "TOKEN_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_KEYS", "not-a-key-at-all")
    with pytest.raises(SettingsError) as error:
        load_settings()
    for name in ("MONGODB_URI", "REDIS_URL", "BACKEND_URL", "SERVICE_TOKEN", "TOKEN_KEY"):
        assert name in str(error.value)
    assert "DATA_KEYS" in str(error.value)
    assert "not-a-key-at-all" not in str(error.value)


async def test_the_privacy_notice_is_there_for_whoever_asks(door, http):
    # 《个人信息保护法》第十七条: who, what for, how long, which rights, whom to ask.
    async with http.get(f"{door.url}/privacy") as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        notice = await answer.text()
    for wanted in ("谁在用", "做什么", "留多久", "撤回同意", "删除我的个人信息", "12345"):
        assert wanted in notice


async def test_while_the_service_token_is_replaced_the_first_is_sent_and_both_are_taken(
    start_door, http, office
):
    tokens = ["the-token-that-comes-after", "a-service-token-of-tests"]
    door = await start_door(service_token=",".join(tokens))
    for token in tokens:
        headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": "192.0.2.1"}
        async with http.get(door.url + "/metrics", headers=headers) as answer:
            assert answer.status == 200
    wrong = {"Authorization": f"Bearer {','.join(tokens)}", "X-Forwarded-For": "192.0.2.1"}
    async with http.get(door.url + "/metrics", headers=wrong) as answer:
        assert answer.status == 404
    assert door.door.office._api._headers == {"Authorization": f"Bearer {tokens[0]}"}
