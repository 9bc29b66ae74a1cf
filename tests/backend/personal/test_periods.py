"""保存期限 What docs/personal-data.md says of periods is what the settings say, and no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backend.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
TOLD = (ROOT / "docs/personal-data.md").read_text(encoding="utf-8")
PERIODS = {
    name: field.default
    for name, field in Settings.model_fields.items()
    if name.startswith("keep_") and name.endswith("_days")
}
NO_JOB_YET = "a job that applies them is not there yet"


def test_there_are_periods():
    assert len(PERIODS) >= 6


@pytest.mark.parametrize("name", PERIODS)
def test_a_period_is_told_with_its_default_wherever_it_is_told(name):
    told = re.findall(rf"`{name.upper()}` (\d+)", TOLD)
    assert told
    assert {int(days) for days in told} == {PERIODS[name]}
    contract = (ROOT / "docs/design.md").read_text(encoding="utf-8")
    assert f"`{name.upper()}`" in contract
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    given = re.findall(rf"{name.upper()}: \${{{name.upper()}:-(\d+)}}", compose)
    assert {int(days) for days in given} == {PERIODS[name]}


def test_no_period_is_told_that_is_no_setting():
    told = {name.lower() for name in re.findall(r"`(KEEP_[A-Z_]+)`", TOLD)}
    assert told == PERIODS.keys()


def test_it_is_said_that_no_job_applies_them_as_long_as_nothing_reads_them():
    ours = [
        path
        for room in ("backend", "bot", "paoyici")
        for path in (ROOT / room).rglob("*.py")
        if path.name != "settings.py" and "node_modules" not in path.parts
    ]
    read = {name for path in ours for name in PERIODS if name in path.read_text(encoding="utf-8")}
    assert ours
    # A job reads all of them, and takes the sentence away; half of them would be a lie either way.
    assert read == (set() if NO_JOB_YET in " ".join(TOLD.split()) else PERIODS.keys())
