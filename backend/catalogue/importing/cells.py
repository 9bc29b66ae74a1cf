"""格子 Cells of a CSV: what begins like a formula is text to whoever opens the file."""

from __future__ import annotations

import re
from typing import Any

# What spreadsheet programs take for the beginning of a formula, full-width too, and apostrophes
# of ours before it. https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def as_text(cell: Any) -> Any:
    """Return a cell that no spreadsheet program computes; `as_written` gives it back."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def as_written(cell: str) -> str:
    """Return a cell as it was before `as_text`."""
    return cell[1:] if _ESCAPED.match(cell) else cell
