"""Writes the table of mechanisms: row, words of the source, construct, example, property.

python examples/mechanisms/table.py > docs/reference/mechanisms.md
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import run
from registry import ROWS

HEAD = """# The 47 mechanisms

Every mechanism that the source describes can be written in a scenario file. The table names the
construct that carries it, the small example that shows it, and the property that
`python examples/mechanisms/run.py` checks. The page is written by `examples/mechanisms/table.py`.

| # | in the words of the source | construct | example | property that is checked |
|---|---|---|---|---|
"""


def table() -> str:
    """The page as text."""
    assert run.MODULES
    lines = [
        f"| {row.number} | {row.words} | {row.construct} | "
        f"[`{row.folder}`](../../examples/mechanisms/{row.folder}/scenario.yaml) | {row.claim} |"
        for _, row in sorted(ROWS.items())
    ]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
