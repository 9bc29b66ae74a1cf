"""大厅 What a hall is, as `data/offices.yml` describes it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Place(BaseModel):
    """位置 A point in degrees with its coordinate system."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    system: Literal["wgs84", "gcj02"]


class OpenDays(BaseModel):
    """开放时间 Weekdays (1 is Monday) that are open alike, each half of the day as 9:00–12:00."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: tuple[int, ...]
    morning: str | None = None
    afternoon: str | None = None


class Window(BaseModel):
    """窗口 Where in the house a department is, and how to call it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    department: str
    also: tuple[str, ...] = ()
    at: str
    phone: str


class Hall(BaseModel):
    """大厅、便民服务中心、服务站 One place where citizens are served.

    What has a default is not in files of earlier versions.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    name: str
    kind: Literal["hall", "centre", "station"]
    address: str
    hours: str
    phone: str
    location: Place
    note: str = ""
    also: tuple[str, ...] = ()
    street: str = ""
    communities: tuple[str, ...] = ()
    open: tuple[OpenDays, ...] = ()
    windows: tuple[Window, ...] = ()
    facts: dict[str, str] = Field(default_factory=dict)
