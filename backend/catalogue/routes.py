"""事项 HTTP of the catalogue."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from backend.auth import ANY_STAFF, Access
from backend.catalogue import service, store
from backend.routing import Call, Capability, Routes
from backend.validation import Answer, Body, ShortText

routes = Routes("catalogue")
READERS = Access(service=True, roles=ANY_STAFF.roles)


class ItemQuery(Body):
    """Which items to list."""

    department: ShortText | None = None
    q: ShortText | None = None
    limit: int = Field(default=100, ge=1, le=500)


class GuidesQuery(Body):
    """Which guides to give: codes of items, with commas between them."""

    codes: str = Field(min_length=1, max_length=1000)


class ItemLine(Answer):
    """事项 One line of the list."""

    code: str
    name: str
    department: str
    mode: Literal["guide", "pre", "direct"]
    # None: the list that was imported does not say.
    promised_working_days: int | None
    instant: bool
    status: Literal["complete", "partial"]


class ItemList(Answer):
    """事项目录 The list of items."""

    items: list[ItemLine]


class ItemView(ItemLine):
    """办事指南 One item with its eight elements; an element the guide does not say is null."""

    department_phone: str | None
    version: str
    statutory_working_days: int | None
    summary: str | None
    aliases: list[str]
    questions: list[str]
    audience: list[str]
    life_events: list[str]
    elements: dict[str, Any]
    unsure: list[str]
    # Absent in an item that was imported before conditions were typed.
    typed: list[dict[str, Any]] = Field(default_factory=list)
    situations: list[dict[str, Any]]
    application: dict[str, Any] | None


class GuideList(Answer):
    """办事指南 Several items with their eight elements, in the order asked for."""

    guides: list[ItemView]


class VersionView(Answer):
    """版本 One imported version."""

    version: str
    imported_at: datetime
    items: int
    complete: int


class VersionList(Answer):
    """版本 All imported versions, newest first, and the one that is served."""

    current: str
    versions: list[VersionView]


@routes.get("/catalogue/items", READERS)
async def list_items(call: Call, query: ItemQuery) -> ItemList:
    """事项目录: list and search the items."""
    found = await service.list_items(call.office, query.department, query.q, query.limit)
    return ItemList.model_validate({"items": found})


@routes.get("/catalogue/items/{code}", READERS)
async def get_item(call: Call) -> ItemView:
    """办事指南: give one item with its eight elements."""
    return ItemView.model_validate(await service.get_item(call.office, call.path("code")))


@routes.get("/catalogue/guides", READERS)
async def get_guides(call: Call, query: GuidesQuery) -> GuideList:
    """办事指南: give several items at once; a code nobody knows is left out."""
    found = await service.get_items(call.office, query.codes.split(","))
    return GuideList(guides=[ItemView.model_validate(item) for item in found])


@routes.get("/catalogue/versions", READERS)
async def list_versions(call: Call) -> VersionList:
    """版本: list the catalogue's versions."""
    current, versions = await service.list_versions(call.office)
    return VersionList.model_validate({"current": current, "versions": versions})


CAPABILITY = Capability("catalogue", routes.endpoints, store.INDEXES)
