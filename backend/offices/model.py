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


class Hall(BaseModel):
    """大厅、便民服务中心、服务站 One place where citizens are served."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    name: str
    kind: Literal["hall", "centre", "station"]
    address: str
    hours: str
    phone: str
    location: Place
    note: str = ""
