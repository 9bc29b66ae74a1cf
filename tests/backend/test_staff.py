"""Staff log in, are locked out, and are held to their roles."""

from __future__ import annotations

import asyncio
from pathlib import Path

from accounts import own_password

from backend.seed import sample_logins, seed_sample
from backend.staff.guesses import tell_locks

DATA = Path(__file__).resolve().parents[2] / "data"


async def test_an_account_logs_in_and_knows_itself(login, stranger):
    agent = await login("agent")
    status, me = await agent.get("/staff/me")
    assert (status, me["username"], me["roles"]) == (200, "agent", ["agent"])


async def test_the_office_answers_its_health_check(stranger):
    assert await stranger.get("/healthz") == (200, {"status": "ok"})


WRONG = {"username": "agent", "password": "guess"}
RIGHT = {"username": "agent", "password": own_password("agent")}


async def test_a_wrong_password_and_an_unknown_account_are_answered_alike(stranger):
    wrong = await stranger.post("/staff/login", WRONG)
    unknown = await stranger.post("/staff/login", {"username": "nobody", "password": "guess"})
    assert wrong == unknown
    assert wrong[0] == 401


async def test_a_success_forgets_earlier_failures(stranger):
    for _ in range(2):
        for _ in range(4):
            await stranger.post("/staff/login", WRONG)
        assert (await stranger.post("/staff/login", RIGHT))[0] == 200


async def test_a_session_ends_after_an_idle_hour(login, hands):
    agent = await login("agent")
    hands.advance(minutes=50)
    assert (await agent.get("/staff/me"))[0] == 200
    hands.advance(minutes=59)
    assert (await agent.get("/staff/me"))[0] == 200
    hands.advance(minutes=61)
    assert (await agent.get("/staff/me"))[1]["error"]["key"] == "auth.token_invalid"


async def test_a_session_ends_after_a_working_day_however_busy(login, hands):
    agent = await login("agent")
    for _ in range(15):
        assert (await agent.get("/staff/me"))[0] == 200
        hands.advance(minutes=50)
    assert (await agent.get("/staff/me"))[0] == 401


async def test_a_session_ends_with_the_log_out(login):
    agent = await login("agent")
    assert (await agent.post("/staff/logout"))[0] == 204
    assert (await agent.get("/staff/me"))[0] == 401


async def test_neither_passwords_nor_tokens_lie_in_the_database(login, office):
    agent = await login("agent")
    token = agent.headers["Authorization"].removeprefix("Bearer ")
    stored = [str(doc) async for doc in office.database["staff_sessions"].find({})]
    stored += [str(doc) async for doc in office.database["staff"].find({})]
    assert token not in "".join(stored)
    assert own_password("agent") not in "".join(stored)
    assert "$argon2id$" in "".join(stored)


NEW = {"username": "wang", "name": "坐席小王", "password": "a-long-password", "roles": ["agent"]}


async def test_an_administrator_opens_and_closes_accounts(login, stranger, office):
    admin = await login("admin")
    status, made = await admin.post("/staff", NEW)
    assert (status, made["roles"]) == (201, ["agent"])
    credentials = {"username": "wang", "password": "a-long-password"}
    assert (await stranger.post("/staff/login", credentials))[0] == 200
    assert (await admin.post(f"/staff/{made['id']}/disable"))[0] == 200
    assert (await stranger.post("/staff/login", credentials))[0] == 401
    assert await office.database["staff_sessions"].count_documents({"staff_id": made["id"]}) == 0
    await admin.post(f"/staff/{made['id']}/enable")
    assert (await stranger.post("/staff/login", credentials))[0] == 200


async def test_whoever_grants_rights_approves_nothing(login):
    admin = await login("admin")
    status, answer = await admin.post("/staff", NEW | {"roles": ["admin", "approver"]})
    assert (status, answer["error"]["key"]) == (422, "staff.roles_conflict")
    handoff = await admin.post("/desk/handoffs/any/claim")
    assert handoff[1]["error"]["key"] == "auth.forbidden"


async def test_only_an_administrator_opens_accounts(login, service, stranger):
    assert (await (await login("agent")).post("/staff", NEW))[0] == 403
    assert (await service.post("/staff", NEW))[0] == 403
    assert (await stranger.post("/staff", NEW))[0] == 401


async def test_a_user_name_is_given_once(login):
    admin = await login("admin")
    status, answer = await admin.post("/staff", NEW | {"username": "agent"})
    assert (status, answer["error"]["key"]) == (409, "staff.username_taken")


async def test_an_administrator_does_not_lock_herself_out(login):
    admin = await login("admin")
    _, me = await admin.get("/staff/me")
    for path, body in (("disable", {}), ("password", {"password": "another-password"})):
        status, answer = await admin.post(f"/staff/{me['id']}/{path}", body)
        assert (status, answer["error"]["key"]) == (409, "staff.not_yourself"), path


async def test_locks_and_log_outs_are_written_down(login, stranger, office):
    agent = await login("agent")
    _, me = await agent.get("/staff/me")
    for _ in range(2):
        await agent.post("/staff/logout")
    for _ in range(6):
        await stranger.post("/staff/login", WRONG)
    for _ in range(2):
        await tell_locks(office)
    found = office.database["events"].find({"entity_id": me["id"]}).sort("seq", 1)
    told = [event["type"] for event in await found.to_list(100)]
    assert told[-3:] == ["staff.in", "staff.out", "staff.locked"]


async def test_a_sample_account_can_do_nothing_before_its_published_password_is_replaced(
    office, stranger, holder
):
    await office.database["staff"].delete_many({})
    await seed_sample(office)
    opened = await office.database["staff"].find({}).sort("username", 1).to_list(100)
    await seed_sample(office)
    assert await office.database["staff"].find({}).sort("username", 1).to_list(100) == opened
    for role, username, password in await asyncio.to_thread(sample_logins, DATA):
        who = {"username": username, "password": password}
        status, answer = await stranger.post("/staff/login", who)
        assert (status, answer["staff"]["first_steps"]) == (200, ["password"]), role
        somebody = holder(answer["token"])
        status, refused = await somebody.get("/offices")
        assert (status, refused["error"]["key"]) == (403, "auth.first_steps"), role


async def test_a_published_password_is_a_given_one_whoever_opened_the_account(
    office, stranger, holder
):
    (_, username, password), *_ = await asyncio.to_thread(sample_logins, DATA)
    await office.database["staff"].delete_many({})
    await seed_sample(office)
    # As an earlier version left it: in use with the password everybody can read.
    kept = {"$set": {"password_given": False}}
    await office.database["staff"].update_one({"username": username}, kept)
    who = {"username": username, "password": password}
    _, answer = await stranger.post("/staff/login", who)
    assert answer["staff"]["first_steps"] == ["password"]
    somebody = holder(answer["token"])
    assert (await somebody.get("/offices"))[0] == 403
    change = {"old": password, "new": own_password(username)}
    assert (await somebody.post("/staff/me/password", change))[0] == 204
    _, answer = await stranger.post("/staff/login", who | {"password": own_password(username)})
    assert answer["staff"]["first_steps"] == []
    assert (await holder(answer["token"]).get("/offices"))[0] == 200


async def test_whoever_forgot_their_password_gets_a_new_one(login, stranger, office):
    admin, agent = await login("admin"), await login("agent")
    _, me = await agent.get("/staff/me")
    for _ in range(5):
        await stranger.post("/staff/login", WRONG)
    path = f"/staff/{me['id']}/password"
    assert (await admin.post(path, {"password": "short"}))[0] == 422
    assert (await admin.post(path, {"password": "a-new-password"}))[0] == 200
    assert (await agent.get("/staff/me"))[0] == 401, "the old session has ended"
    assert (await stranger.post("/staff/login", RIGHT))[0] == 401
    new = RIGHT | {"password": "a-new-password"}
    assert (await stranger.post("/staff/login", new))[0] == 200, "the lock went with the old one"
    event = await office.database["events"].find_one({"type": "staff.password_set"})
    assert (event["entity_id"], event["who"]["kind"]) == (me["id"], "staff")
    assert "a-new-password" not in str(event)
    assert (await admin.post("/staff/nobody/password", {"password": "a-new-password"}))[0] == 404


async def test_one_changes_the_own_password_with_the_old_one(login, stranger):
    agent = await login("agent")
    own = "/staff/me/password"
    status, answer = await agent.post(own, {"old": "guess", "new": "a-new-password"})
    assert (status, answer["error"]["key"]) == (422, "staff.old_password_wrong")
    assert (await agent.get("/staff/me"))[0] == 200
    assert (await agent.post(own, {"old": RIGHT["password"], "new": "a-new-password"}))[0] == 204
    assert (await agent.get("/staff/me"))[0] == 401
    assert (await stranger.post("/staff/login", RIGHT))[0] == 401
    assert (await stranger.post("/staff/login", RIGHT | {"password": "a-new-password"}))[0] == 200


async def test_an_open_desk_is_no_place_to_guess_passwords(login, stranger):
    agent = await login("agent")
    guess = {"old": "guess", "new": "a-new-password"}
    answers = [await agent.post("/staff/me/password", guess) for _ in range(6)]
    assert [status for status, _ in answers] == [422] * 5 + [429]
    assert (await stranger.post("/staff/login", RIGHT))[0] == 200, "log-ins go on"


async def test_a_password_that_somebody_else_gave_is_changed_before_any_work(
    login, stranger, holder, client
):
    admin = await login("admin")
    await admin.post("/staff", NEW)
    credentials = {"username": "wang", "password": "a-long-password"}
    _, opened = await stranger.post("/staff/login", credentials)
    assert opened["staff"]["first_steps"] == ["password"]
    wang = holder(opened["token"])
    status, answer = await wang.get("/desk/handoffs")
    assert (status, answer["error"]["key"]) == (403, "auth.first_steps")
    async with client.ws_connect("/api/v1/desk/ws") as socket:
        await socket.send_json({"type": "hello", "token": opened["token"], "after": None})
        assert (await socket.receive_json())["error"]["key"] == "auth.first_steps"
    own, old = "/staff/me/password", credentials["password"]
    _, answer = await wang.post(own, {"old": old, "new": old})
    assert answer["error"]["key"] == "staff.password_same"
    assert (await wang.post(own, {"old": old, "new": "a-password-of-hers"}))[0] == 204
    credentials["password"] = "a-password-of-hers"
    _, opened = await stranger.post("/staff/login", credentials)
    assert opened["staff"]["first_steps"] == []
    wang = holder(opened["token"])
    assert (await wang.get("/desk/handoffs"))[0] == 200
