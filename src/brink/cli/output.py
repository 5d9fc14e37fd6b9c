"""Data to standard output, talk to standard error."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any


def print_json(data: Any) -> None:
    """Print ``data`` as JSON; refuses NaN and infinity."""
    json.dump(data, sys.stdout, indent=2, ensure_ascii=False, allow_nan=False)
    print()


def say(text: str) -> None:
    """Tell the person something that is not the answer."""
    print(text, file=sys.stderr)


def add_crisis(parser: argparse.ArgumentParser) -> None:
    """The crisis and which variant of it."""
    parser.add_argument("crisis", metavar="CRISIS", help="a file, or the name of a shipped crisis")
    parser.add_argument("--variant", default="", help="use this variant of the scenario")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Whether to print data instead of text."""
    parser.add_argument("--json", action="store_true", help="print the data as JSON")
