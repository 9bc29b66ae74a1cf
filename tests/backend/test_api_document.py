"""The API's document is complete and its page needs nothing from outside."""

from __future__ import annotations

import re

from backend.app import endpoints


async def test_every_route_stands_in_the_document(stranger):
    _, document = await stranger.get("/openapi.json")
    listed = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }
    assert listed == {(route.method, "/api/v1" + route.path) for route in endpoints()}


async def test_every_reference_of_the_document_leads_somewhere(stranger):
    _, document = await stranger.get("/openapi.json")
    references = set(re.findall(r"#/components/schemas/([\w.\-]+)", str(document)))
    assert references
    assert references <= set(document["components"]["schemas"])


async def test_operations_have_names_of_their_own(stranger):
    _, document = await stranger.get("/openapi.json")
    names = [o["operationId"] for path in document["paths"].values() for o in path.values()]
    assert len(names) == len(set(names))


async def test_an_effect_takes_an_idempotency_key(stranger):
    _, document = await stranger.get("/openapi.json")
    names = {p["name"] for p in document["paths"]["/api/v1/handoffs"]["post"]["parameters"]}
    assert names == {"Idempotency-Key"}


async def test_the_page_for_people_loads_nothing_from_outside(client):
    async with client.get("/api/docs") as answer:
        page = await answer.text()
    assert answer.status == 200
    assert not re.search(r"""(src|href)=["'](https?:)?//""", page)
    assert "<script" not in page
    assert "/api/v1/handoffs" in page
