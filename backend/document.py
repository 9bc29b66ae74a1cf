"""The shape of a JSON object, as MongoDB and HTTP bodies have it."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]
