"""What somebody wrote leaves the office masked, unless its reader is said; no view forgets it."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

import backend
from backend.app import endpoints
from backend.clear import Clear, ClearBody, Mask, Reader, Written
from backend.validation import Answer, Body

# Codes, numbers, ids, and words of the office's own: nobody's personal data, wherever they stand.
PUBLIC = frozenset({
    "action", "aliases", "application", "audience", "author", "category", "category_name",
    "channel", "code", "community", "conversation_id", "current", "danger", "department",
    "department_phone", "elements", "entity", "entity_id", "handoff_id", "item_code",
    "item_name", "last_code", "life_events", "media_id", "media_ids", "message_id", "mime",
    "number", "owner", "qr", "qr_url", "questions", "roles", "situations", "staff_id",
    "staff_name", "state", "state_label", "steps", "street", "token", "typed", "units", "unsure",
    "url", "username", "version",
})  # fmt: skip
# The same for names that may mean something else elsewhere; staff know the names of staff.
PUBLIC_HERE = frozenset(
    {
        "AccountEventView.by",
        "AccountEventView.type",
        "ColleagueView.id",
        "ColleagueView.name",
        "ConversationView.identity",
        "DeliveryView.reason",
        "DeskReport.rule",
        "DoorCopy.conversations",
        "DoorCopy.id",
        "DoorErasure.conversations",
        "DoorErasure.id",
        "ErasureView.done",
        "ErasureView.id",
        "ErasureView.kept",
        "FieldView.kind",
        "FieldView.label",
        "FieldView.name",
        "GridView.name",
        "Hall.address",
        "Hall.also",
        "Hall.communities",
        "Hall.facts",
        "Hall.hours",
        "Hall.name",
        "Hall.note",
        "Hall.phone",
        "HandoffOfConversation.claimed_by",
        "ItemLine.name",
        "UnsentList.next",
        "ItemView.name",
        "ItemView.summary",
        "NoteView.by",
        "OpenDays.afternoon",
        "OpenDays.morning",
        "Ordered.erasure_id",
        "OutgoingView.identity",
        "SecondFactorView.address",
        "SecondFactorView.spelled",
        "SessionView.id",
        "StaffName.id",
        "StaffName.name",
        "Standing.consent",
        "StaffView.id",
        "StaffView.name",
        "Taken.id",
        "TimelineEntry.label",
        "Window.also",
        "Window.at",
        "Window.phone",
    }
)


class Example(Answer):
    """A view whose maker said nothing about who reads it."""

    note: Clear
    others: list[Clear]
    body: ClearBody


SAID = "我叫瞿霜凛，电话13800138000"
SHOWN = "我叫瞿**，电话138****8000"


def _models() -> Iterator[type[BaseModel]]:
    """Yield every model that a route of the office answers with, or could."""
    for module in pkgutil.walk_packages(backend.__path__, "backend."):
        importlib.import_module(module.name)
    waiting: list[Any] = [Answer, *(each.answer for each in endpoints())]
    seen: set[type[BaseModel]] = {Answer}
    while waiting:
        one = waiting.pop()
        if inspect.isclass(one) and issubclass(one, BaseModel) and not issubclass(one, Body):
            waiting += one.__subclasses__()
            waiting += [field.annotation for field in one.model_fields.values()]
            if one not in seen and one.__module__.startswith("backend."):
                seen.add(one)
                yield one
        elif not (inspect.isclass(one) and issubclass(one, BaseModel)):
            waiting += [each for each in get_args(one) if not isinstance(each, str)]


def _holds_text(annotation: Any) -> bool:
    """Tell whether a field may hold any text at all; an enumeration or a literal cannot."""
    if annotation in (str, object, Any) or "JsonValue" in str(annotation):
        return True
    return any(_holds_text(each) for each in get_args(annotation) if not isinstance(each, str))


def _texts() -> set[str]:
    """Return the fields of all views that may hold any text."""
    return {
        f"{model.__name__}.{name}"
        for model in _models()
        for name, field in model.model_fields.items()
        if _holds_text(field.annotation)
    }


def test_every_text_of_a_view_is_clear_text_or_known_to_be_public():
    undeclared = {field for field in _texts() - PUBLIC_HERE if field.split(".")[1] not in PUBLIC}
    assert not undeclared, "say Clear, or list the field as public"


def test_what_is_listed_as_public_exists():
    texts = _texts()
    assert texts >= PUBLIC_HERE
    assert {field.split(".")[1] for field in texts} >= PUBLIC


def test_a_forgotten_field_would_be_found():
    assert _holds_text(str | None)
    assert _holds_text(list[dict[str, str]])
    assert not _holds_text(Clear | None)
    assert not _holds_text(Reader)


def test_bare_words_are_masked_when_they_are_serialised():
    view = Example.model_validate({"note": SAID, "others": [SAID], "body": {"text": SAID}})
    expected = {"note": SHOWN, "others": [SHOWN], "body": {"text": SHOWN}}
    assert view.model_dump(mode="json") == expected
    assert json.loads(view.model_dump_json()) == expected


@pytest.mark.parametrize("reader", [Reader.NOTED, Reader.OWNER])
def test_words_are_clear_for_whom_they_are_said_to_be(reader):
    view = Example(
        note=Clear(SAID, reader=reader), others=[], body=ClearBody({"text": SAID}, reader=reader)
    )
    assert view.model_dump(mode="json") == {"note": SAID, "others": [], "body": {"text": SAID}}


@pytest.mark.parametrize("reader", Reader)
def test_nothing_but_a_view_writes_clear_text_down(reader):
    for written in (Clear(SAID, reader=reader), ClearBody({"text": SAID}, reader=reader)):
        assert isinstance(written, Written)
        for text in (str(written), repr(written), f"{written}"):
            assert "13800138000" not in text
            assert "瞿霜凛" not in text
        with pytest.raises(TypeError):
            json.dumps(written)


def test_only_a_reveal_shows_staff_what_is_clear():
    for path in Path(backend.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            text = "\n".join(map(ast.unparse, function.body))
            opens = "Reader.NOTED" in text or "revealed=True" in text
            chooses = "Reader.NOTED if revealed else Reader.STAFF" in text
            assert not opens or chooses or function.name == "reveal", f"{path}: {function.name}"


def test_what_nobody_writes_is_refused():
    with pytest.raises(ValidationError):
        Example.model_validate({"note": 3, "others": [], "body": {}})


def test_a_mask_knows_the_names_of_the_matter():
    mask = Mask(frozenset({"瞿霜凛"}))
    assert Clear("瞿霜凛今天没来", mask.of).shown == "瞿**今天没来"


def test_the_document_of_the_api_calls_clear_text_a_string():
    schema = Example.model_json_schema(mode="serialization")
    assert schema["properties"]["note"]["type"] == "string"
    assert schema["properties"]["body"]["type"] == "object"
