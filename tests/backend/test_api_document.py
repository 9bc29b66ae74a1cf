"""The API's document is complete and its page needs nothing from outside."""

from __future__ import annotations

import re

import pytest

from backend.api_document import document
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


def resolved(rule: object, definitions: dict) -> object:
    """A schema with what it refers to in its place."""
    if isinstance(rule, list):
        return [resolved(one, definitions) for one in rule]
    if not isinstance(rule, dict):
        return rule
    if "$ref" in rule:
        return resolved(definitions[rule["$ref"].rpartition("/")[2]], definitions)
    return {key: resolved(value, definitions) for key, value in rule.items()}


@pytest.mark.parametrize(
    "route", [one for one in endpoints() if one.query], ids=lambda one: one.path
)
def test_a_query_is_told_as_its_own_model_has_it(route):
    """Several capabilities have a `State`; each list takes its own."""
    told = document(endpoints())
    parameters = told["paths"]["/api/v1" + route.path][route.method.lower()]["parameters"]
    own = route.query.model_json_schema(mode="serialization")
    assert {
        one["name"]: resolved(one["schema"], told["components"]["schemas"])
        for one in parameters
        if one["in"] == "query"
    } == resolved(own["properties"], own.get("$defs", {}))


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
