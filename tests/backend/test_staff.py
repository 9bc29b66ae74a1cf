"""Staff log in, are locked out, and are held to their roles."""

from __future__ import annotations


async def test_a_sample_account_logs_in_and_knows_itself(login, stranger):
    agent = await login("agent")
    status, me = await agent.get("/staff/me")
    assert (status, me["username"], me["roles"]) == (200, "agent", ["agent"])


async def test_the_office_answers_its_health_check(stranger):
    assert await stranger.get("/healthz") == (200, {"status": "ok"})
