"""Run every suite in the environment it belongs to and print one summary last."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("tests/bot", "tests/backend", "tests/paoyici", "tests/deploy")


@dataclass
class Tally:
    """How many tests passed, failed and did not run."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, report: Path) -> None:
        """Count the tests of a JUnit report; a missing one counts as a failure."""
        if not report.exists():
            self.failed += 1
            return
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            number = {
                key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")
            }
            bad = number["failures"] + number["errors"]
            self.failed += bad
            self.skipped += number["skipped"]
            self.passed += number["tests"] - bad - number["skipped"]


def _pytest(name: str, command: list[str], cwd: Path, reports: Path) -> tuple[Path, int]:
    report = reports / f"junit-{name}.xml"
    print(f"== {name}", flush=True)
    begun = time.monotonic()
    code = subprocess.run([*command, f"--junit-xml={report}"], cwd=cwd, check=False).returncode
    print(f"== {name}: {time.monotonic() - begun:.0f} s, exit code {code}", flush=True)
    return report, code


def _suites() -> list[tuple[str, list[str], Path]]:
    app, nlu = str(ROOT / ".venv/bin/python"), str(ROOT / "nlu/.venv/bin/python")
    web = ["tests/e2e", "tests/browser"] if shutil.which("chromium") else ["tests/e2e"]
    return [
        ("rooms", [app, "-m", "pytest", *ROOMS], ROOT),
        # One process each: rasa-sdk registers every Action class of its process, tests' included.
        ("ear", [nlu, "-m", "pytest", "-c", "pytest.ini", "../tests/nlu"], ROOT / "nlu"),
        ("hands", [nlu, "-m", "pytest", "-c", "pytest.ini", "../tests/actions"], ROOT / "nlu"),
        ("whole", [app, "-m", "pytest", *web], ROOT),
    ]  # fmt: skip


def _page_units() -> int:
    codes = []
    for page in ("bot/web", "backend/console"):
        print(f"== unit tests of {page}", flush=True)
        codes.append(
            subprocess.run(["npm", "test", "--silent"], cwd=ROOT / page, check=False).returncode
        )
    return sum(code != 0 for code in codes)


def main() -> int:
    """Run all suites; return 0 if nothing failed."""
    tally = Tally()
    tally.failed += _page_units()
    with tempfile.TemporaryDirectory() as folder:
        for name, command, cwd in _suites():
            report, code = _pytest(name, command, cwd, Path(folder))
            before = tally.failed
            tally.add(report)
            if code and tally.failed == before:
                tally.failed += 1
    if not shutil.which("chromium"):
        print("NOT RUN: the browser tests, because chromium is not installed on this machine")
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped", flush=True)
    return 1 if tally.failed else 0


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.exit(main())
