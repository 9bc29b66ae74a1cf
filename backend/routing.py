"""Routes that say what they take, what they answer and who may call them.

    routes = Routes("cases")

    @routes.post("/cases", SERVICE)
    async def submit(call: Call, tx: Transaction, body: NewCase) -> CaseView:
        '''预受理: submit a case.'''

A parameter `body` or `query` is checked against its model. A parameter `tx` makes the route an
effect: it runs in one transaction, once for every Idempotency-Key. Where `replayed=False` stands it
runs every time, and its answer is kept nowhere: so what shows personal data in clear. The OpenAPI
document is made from the same declarations.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, get_type_hints

from aiohttp import web
from pydantic import BaseModel

from backend.auth import Access, Caller, authorise
from backend.db import Document, Indexes, Transaction
from backend.errors import InvalidError
from backend.idempotency import every_time, once
from backend.metrics import REQUESTS
from backend.office import OFFICE, Office
from backend.validation import IDENTIFIER, read_body, read_query

Handler = Callable[..., Awaitable[BaseModel | web.StreamResponse]]
H = TypeVar("H", bound=Handler)


@dataclass(frozen=True, slots=True)
class Call:
    """One request to one route.

    Attributes:
        again: the same request came before under the same Idempotency-Key; only where the answer
            is not replayed.
        headers: what the answer says besides its body.
    """

    office: Office
    request: web.Request
    caller: Caller
    again: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    def path(self, name: str) -> str:
        """Return the part `{name}` of the request's path.

        Raises:
            InvalidError: it cannot be an identifier of ours.
        """
        value = self.request.match_info[name]
        if not IDENTIFIER.fullmatch(value):
            raise InvalidError("request.invalid", fields=[{"field": name, "problem": "identifier"}])
        return value


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route as it was declared."""

    tag: str
    method: str
    path: str
    access: Access
    handler: Handler
    status: int
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answer: type[BaseModel] | None
    effect: bool
    replayed: bool

    @property
    def summary(self) -> str:
        """Return the first line of the handler's docstring."""
        return (self.handler.__doc__ or "").strip().splitlines()[0]

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Answer, and count it."""
        with REQUESTS.labels(self.method, self.path).time():
            return await self._answer(request)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        """Authorise, parse, run the handler, answer."""
        office = request.app[OFFICE]
        call = Call(office, request, await authorise(office, request, self.access))
        arguments: dict[str, object] = {}
        if self.body:
            arguments["body"] = await read_body(request, self.body)
        if self.query:
            arguments["query"] = read_query(request, self.query)
        if self.effect:
            done = await self._effect(call, arguments)
            return web.json_response(done, status=self.status, headers=call.headers)
        answer = await self.handler(call, **arguments)
        if isinstance(answer, web.StreamResponse):
            return answer
        return web.json_response(_document(answer), status=self.status, headers=call.headers)

    async def _effect(self, call: Call, arguments: dict[str, object]) -> Document:
        """Run the handler in a transaction, once for every Idempotency-Key if that replays it."""

        async def work(tx: Transaction, again: bool = False) -> Document:
            return _document(await self.handler(replace(call, again=again), tx=tx, **arguments))

        key = call.request.headers.get("Idempotency-Key")
        if not key:
            return await call.office.transact(work)
        scope = f"{call.caller.id} {self.method} {call.request.path}"
        content = (await call.request.read()).hex()
        fingerprints = call.office.privacy.blind_indexes("fingerprint", content)
        if self.replayed:
            return await once(call.office, key, scope, fingerprints, work)
        return await every_time(call.office, key, scope, fingerprints, work)


def _document(answer: Any) -> Document:
    """Return an answer as JSON."""
    document: Document = answer.model_dump(mode="json", by_alias=True)
    return document


class Routes:
    """The routes of one capability, in the order of their declaration."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.endpoints: list[Endpoint] = []

    def get(self, path: str, access: Access) -> Callable[[H], H]:
        """Declare a route that only reads."""
        return self._route("GET", path, access, 200)

    def post(
        self, path: str, access: Access, status: int = 200, *, replayed: bool = True
    ) -> Callable[[H], H]:
        """Declare a route that does something; with `replayed` its answer is kept for a month."""
        return self._route("POST", path, access, status, replayed=replayed)

    def put(self, path: str, access: Access, status: int = 200) -> Callable[[H], H]:
        """Declare a route that sets something."""
        return self._route("PUT", path, access, status)

    def delete(self, path: str, access: Access, status: int = 200) -> Callable[[H], H]:
        """Declare a route that takes something away."""
        return self._route("DELETE", path, access, status)

    def _route(
        self, method: str, path: str, access: Access, status: int, *, replayed: bool = True
    ) -> Callable[[H], H]:
        def declare(handler: H) -> H:
            # Resolved here, so that a wrong annotation stops the start and not a citizen.
            hints = get_type_hints(handler)
            result = hints.get("return")
            is_model = inspect.isclass(result) and issubclass(result, BaseModel)
            self.endpoints.append(
                Endpoint(
                    tag=self.tag,
                    method=method,
                    path=path,
                    access=access,
                    handler=handler,
                    status=status,
                    body=hints.get("body"),
                    query=hints.get("query"),
                    answer=result if is_model else None,
                    effect="tx" in hints,
                    replayed=replayed,
                )
            )
            return handler

        return declare


@dataclass(frozen=True, slots=True)
class Capability:
    """One folder of the office: its routes and its indexes."""

    name: str
    endpoints: list[Endpoint] = field(default_factory=list)
    indexes: Indexes = field(default_factory=dict)
