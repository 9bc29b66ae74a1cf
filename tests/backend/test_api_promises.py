"""The office keeps what its OpenAPI document says, for requests made from that document."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any
from urllib.parse import urlencode

import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.api_document import document
from backend.app import endpoints
from backend.staff.model import ROLES

EXAMPLES = 4
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
PROMPTLY = {"wait": 0}
LONGEST_QUERY = 6000


def quickly() -> Any:
    """Settings of a run that finds the same at every time and keeps nothing."""
    return settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


async def test_what_the_document_promises_is_kept(client, service, login):
    headers = {"service": service.headers}
    headers |= {role: (await login(role)).headers for role in sorted(ROLES)}
    schema = schemathesis.openapi.from_dict(document(endpoints()))
    base = str(client.make_url("")).rstrip("/")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == len(endpoints())
    broken: list[str] = []
    # Logging out and changing accounts come last: they end what the others are called with.
    for operation in sorted(operations, key=lambda one: "/staff" in one.path):
        who = headers.get(_caller(operation), {})
        broken += await asyncio.to_thread(_broken_by, operation, base, who)
    assert broken == []


def _caller(operation: Any) -> str | None:
    """Return the role of somebody who may call an operation; None where anybody may."""
    allowed = operation.definition.raw["security"]
    return next((role for one in allowed for role in one.get("staff", ["service"])), None)


def _broken_by(operation: Any, base: str, headers: dict[str, str]) -> list[str]:
    """Call an operation with right and wrong requests; return which promises it breaks."""
    broken: list[str] = []
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @quickly()
        @given(case=operation.as_strategy(generation_mode=mode))
        def call(case: Any) -> None:
            if case.query and "wait" in case.query:
                case.query |= PROMPTLY
            # A longer one is refused before the office sees it.
            assume(len(urlencode(case.query or {})) < LONGEST_QUERY)
            try:
                case.call_and_validate(base_url=base, headers=headers, checks=CHECKS)
            except FailureGroup as found:
                broken.append(f"{operation.label}: {found}")

        # An operation that takes nothing cannot be asked wrongly.
        with contextlib.suppress(Unsatisfiable):
            call()
    return broken
