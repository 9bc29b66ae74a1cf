"""The gate asks what was learnt of forms, so a model stands before its tests."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def _trained(model: Path) -> None:
    """Train the model where what it learns from has changed."""
