"""The office's OpenAPI document and a page that shows it to people without outside assets."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from backend.auth import PUBLIC, Access
from backend.routing import Call, Capability, Endpoint, Routes

PREFIX = "/api/v1"
ENDPOINTS: web.AppKey[list[Endpoint]] = web.AppKey("endpoints", list)
_REFERENCE = "#/components/schemas/{model}"
_PARAMETER = re.compile(r"{(\w+)(?::[^{}]*)?}")

routes = Routes("document")
Json = dict[str, Any]
SchemaOf = Mapping[Any, Json]


@routes.get("/openapi.json", PUBLIC)
async def openapi(call: Call) -> web.Response:
    """Give this document."""
    return web.json_response(document(call.request.app[ENDPOINTS]))


def document(endpoints: list[Endpoint]) -> Json:
    """Return the OpenAPI 3.1 document of `endpoints`."""
    models = sorted({model for each in endpoints for model in _models(each)}, key=str)
    # Two capabilities may use one name for two models; the references keep them apart.
    references, schemas = models_json_schema(
        [(model, "serialization") for model in models], ref_template=_REFERENCE
    )
    definitions = schemas.get("$defs", {})
    schema_of = {model: schema for (model, _), schema in references.items()}
    paths: dict[str, Json] = {}
    for endpoint in endpoints:
        path = PREFIX + _PARAMETER.sub(r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(
            endpoint, schema_of, definitions
        )
    return {
        "openapi": "3.1.0",
        "info": {"title": "跑一次 Paoyici: the office", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": {**definitions, "Error": _ERROR},
            "securitySchemes": {
                "service": {"type": "http", "scheme": "bearer", "description": "SERVICE_TOKEN"},
                "staff": {"type": "http", "scheme": "bearer", "description": "POST /staff/login"},
            },
        },
    }


_ERROR_REFERENCE: Json = {"$ref": _REFERENCE.format(model="Error")}
_ERROR: Json = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["key", "message"],
            "properties": {
                "key": {"type": "string"},
                "message": {"type": "string"},
                "detail": {"type": "object"},
            },
        }
    },
}


def _models(endpoint: Endpoint) -> list[type[BaseModel]]:
    return [model for model in (endpoint.body, endpoint.query, endpoint.answer) if model]


def _operation(endpoint: Endpoint, schema_of: SchemaOf, definitions: Json) -> Json:
    """Return one route's entry; a query's fields are parameters, taken from the same pass."""
    answer: Json = {"description": endpoint.summary}
    if endpoint.answer:
        answer["content"] = _content(schema_of[endpoint.answer])
    operation: Json = {
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "operationId": f"{endpoint.tag}_{endpoint.handler.__name__}",
        "security": _security(endpoint.access),
        "parameters": _parameters(endpoint, _fields(endpoint, schema_of, definitions)),
        "responses": {
            str(endpoint.status): answer,
            "4XX": {
                "description": "refused",
                "content": _content({"$ref": _REFERENCE.format(model="Error")}),
            },
        },
    }
    if endpoint.body:
        content = _content(schema_of[endpoint.body])
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _content(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _security(access: Access) -> list[Json]:
    """Return who may call: an empty list is everybody; staff roles stand as scopes."""
    staff: list[Json] = [{"staff": sorted(access.roles)}] if access.roles else []
    return ([{"service": []}] if access.service else []) + staff


def _fields(endpoint: Endpoint, schema_of: SchemaOf, definitions: Json) -> Json:
    """Return the schema whose properties are the query's fields."""
    if endpoint.query is None:
        return {"properties": {}}
    name = schema_of[endpoint.query]["$ref"].rpartition("/")[2]
    fields: Json = definitions[name]
    return fields


def _parameters(endpoint: Endpoint, fields: Json) -> list[Json]:
    parameters: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PARAMETER.findall(endpoint.path)
    ]
    required = fields.get("required", [])
    parameters += [
        {"name": name, "in": "query", "required": name in required, "schema": rule}
        for name, rule in fields["properties"].items()
    ]
    if endpoint.effect:
        rule = {"type": "string", "maxLength": 200}
        parameters.append({"name": "Idempotency-Key", "in": "header", "schema": rule})
    return parameters


def add_human_page(app: web.Application) -> None:
    """Serve the document as a page at /api/docs."""

    async def page(request: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": _PAGE_POLICY}
        text = _page(document(request.app[ENDPOINTS]))
        return web.Response(text=text, content_type="text/html", headers=headers)

    app.router.add_get("/api/docs", page)


_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Paoyici API</title>
<style>body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
code,pre{font:14px/1.4 monospace}pre{background:#f4f4f4;padding:.8rem;overflow:auto}
summary{cursor:pointer;padding:.3rem 0}b{display:inline-block;min-width:3.5rem}</style>
<h1>Paoyici: the office's API</h1>
<p>Machine-readable: <a href="/api/v1/openapi.json">openapi.json</a></p>
"""


def _page(content: Json) -> str:
    """Return the document as one page of HTML."""
    tags: dict[str, list[str]] = {}
    for path, methods in content["paths"].items():
        for method, operation in methods.items():
            entry = _entry(path, method, operation)
            tags.setdefault(operation["tags"][0], []).append(entry)
    parts = [f"<h2>{html.escape(tag)}</h2>{''.join(entries)}" for tag, entries in tags.items()]
    models = [
        f"<details id='{name}'><summary><code>{name}</code></summary>"
        f"<pre>{_pretty(schema)}</pre></details>"
        for name, schema in content["components"]["schemas"].items()
    ]
    return f"{_HEAD}{''.join(parts)}<h2>Models</h2>{''.join(models)}</html>"


def _entry(path: str, method: str, operation: Json) -> str:
    callers = ", ".join(
        " ".join([kind, *scopes]) for each in operation["security"] for kind, scopes in each.items()
    )
    kept = ("parameters", "requestBody", "responses")
    rest: Json = {key: operation[key] for key in kept if key in operation}
    return (
        f"<details><summary><b>{method.upper()}</b> <code>{html.escape(path)}</code> "
        f"{html.escape(operation['summary'])}</summary><p>Callers: {callers or 'everybody'}</p>"
        f"<pre>{_pretty(rest)}</pre></details>"
    )


def _pretty(value: Json) -> str:
    return html.escape(json.dumps(value, ensure_ascii=False, indent=1))


CAPABILITY = Capability("document", routes.endpoints)
