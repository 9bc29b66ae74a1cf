"""Lay out the projects to compare in a folder; runs in the ear's environment."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bench.projects import copy_ours, grown_data, intent_examples, item_examples, write_stock


def main() -> int:
    """Write ours, stock_intents, stock_items and, with a count, grown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--items", type=int, required=True, help="size of the grown catalogue")
    parser.add_argument("--names", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    folder = options.folder
    copy_ours(folder / "ours")
    write_stock(folder / "stock_intents", intent_examples(), options.epochs)
    write_stock(folder / "stock_items", item_examples(), options.epochs)
    names = [
        str(json.loads(line)["name"])
        for path in options.names
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    copy_ours(folder / "grown", grown_data(folder / "grown_data", options.items, names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
