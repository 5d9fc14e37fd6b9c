"""Runs every example, checks the property that makes its mechanism what it is, and counts.

python examples/mechanisms/run.py
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import actors
import exits
import signals
from registry import ROWS

MODULES = (actors, signals, exits)


def main() -> int:
    """Print one line per mechanism and the count that hold; 0 if all do."""
    held = 0
    for number in sorted(ROWS):
        entry = ROWS[number]
        finding = entry.check()
        held += finding.holds
        mark = "holds" if finding.holds else "FAILS"
        print(f"{number:2d} {mark}  {entry.claim}: {finding.figure}")
    print(f"{held} of {len(ROWS)} mechanisms hold")
    return 0 if held == len(ROWS) else 1


if __name__ == "__main__":
    raise SystemExit(main())
