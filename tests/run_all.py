"""Run every suite in the environment it belongs to and print one summary last."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Waits of at most two seconds are proven where nobody else takes the cores.
PROMPT = ("tests/e2e/test_takeover.py", "tests/bot/test_silence.py")
# Kills a process in the middle of a transaction; `make thorough` runs it.
KILLED = (
    "tests/paoyici/test_reindex_command.py"
    "::test_a_command_killed_in_the_middle_loses_nobody_and_goes_on"
)
OFFICE = (
    "tests/standards",
    "tests/backend",
    "tests/paoyici",
    "tests/deploy",
    "tests/converse",
    "tests/hostile",
)


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


@dataclass
class Suite:
    """Tests that run in one process, and what became of them."""

    name: str
    command: list[str]
    cwd: Path
    code: int = 0

    def run(self, reports: Path) -> None:
        """Run the tests; what they print comes in one piece, because another suite runs beside."""
        print(f"== {self.name} …", flush=True)
        begun = time.monotonic()
        done = subprocess.run(
            [*self.command, f"--junit-xml={self.report(reports)}"],
            cwd=self.cwd,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.code = done.returncode
        said = done.stdout.decode("utf-8", errors="replace")
        took = f"== {self.name}: {time.monotonic() - begun:.0f} s, exit code {self.code}"
        print(f"{said}{took}", flush=True)

    def report(self, reports: Path) -> Path:
        """Return where the JUnit report is written."""
        return reports / f"junit-{self.name}.xml"


def _suites() -> tuple[list[Suite], Suite]:
    """Return what runs two at a time, longest first, and what then has the machine to itself."""
    app, nlu = str(ROOT / ".venv/bin/python"), str(ROOT / "nlu/.venv/bin/python")
    rasa = [nlu, "-m", "pytest", "-c", "pytest.ini"]
    pages = [Suite("pages", [app, "-m", "pytest", "tests/browser"], ROOT)]
    return [
        Suite("office", [app, "-m", "pytest", *OFFICE, f"--deselect={KILLED}"], ROOT),
        Suite("door", [app, "-m", "pytest", "tests/bot", *_without(PROMPT)], ROOT),
        # One process each: rasa-sdk registers every Action class of its process, tests' included.
        Suite("ear", [*rasa, "../tests/nlu"], ROOT / "nlu"),
        *(pages if shutil.which("chromium") else []),
        Suite("hands", [*rasa, "../tests/actions"], ROOT / "nlu"),
        Suite("journeys", [app, "-m", "pytest", "tests/e2e", *_without(PROMPT)], ROOT),
    ], Suite("prompt", [app, "-m", "pytest", *PROMPT], ROOT)


def _without(files: Iterable[str]) -> list[str]:
    """Return the options that leave some files out."""
    return [f"--ignore={file}" for file in files]


def _page_units() -> int:
    """Run the unit tests of both pages; return of how many some failed."""
    codes = []
    for page in ("bot/web", "backend/console"):
        begun = time.monotonic()
        done = subprocess.run(
            ["npm", "test", "--silent"],
            cwd=ROOT / page,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said = done.stdout.decode("utf-8", errors="replace")
        took = f"{time.monotonic() - begun:.0f} s, exit code {done.returncode}"
        print(f"{said}== unit tests of {page}: {took}", flush=True)
        codes.append(done.returncode)
    return sum(code != 0 for code in codes)


def main() -> int:
    """Run all suites; return 0 if nothing failed."""
    tally = Tally()
    suites, alone = _suites()
    with tempfile.TemporaryDirectory() as folder:
        reports = Path(folder)
        with ThreadPoolExecutor(max_workers=2) as cores:
            running = [cores.submit(suite.run, reports) for suite in suites]
            units = cores.submit(_page_units)
        for each in running:
            each.result()
        tally.failed += units.result()
        alone.run(reports)
        for suite in (*suites, alone):
            before = tally.failed
            tally.add(suite.report(reports))
            if suite.code and tally.failed == before:
                tally.failed += 1
    if not shutil.which("chromium"):
        print("NOT RUN: the browser tests, because chromium is not installed on this machine")
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped", flush=True)
    return 1 if tally.failed else 0


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Some hundred processes start here; none of them compiles what another has compiled before.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.exit(main())
