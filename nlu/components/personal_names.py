"""姓名 A name alone, said to nobody who asked for it: it means no item."""

from __future__ import annotations

import re
from pathlib import Path

from components.yaml_files import read_yaml
from standards.acceptors.name_signs import COMPOUND

_GIVEN = "[一-龥]"


def bare_name(words_file: Path) -> re.Pattern[str]:
    """Write an expression for a full name of three or four characters from the lexicon's surnames.

    Two characters are too many other words: 高龄, 方便, 时间.
    """
    surnames = re.escape(str(read_yaml(words_file)["surnames"]))
    return re.compile(f"[{surnames}]{_GIVEN}{{2}}|(?:{'|'.join(COMPOUND)}){_GIVEN}{{1,2}}")
