"""Run the corpus of bad files and print how many hold: ``python tests/bad/run.py``."""

from __future__ import annotations

import collections
import contextlib
import io
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from test_bad_corpus import FRONT, NAMES, agree, agree_on_the_shell, case, outcome_of

from brink.__main__ import main

GROUPS = {
    "A": "files, encoding, size",
    "B": "YAML and JSON traps",
    "C": "schema and names",
    "D": "probabilities, payoffs, rankings",
    "E": "shape of the game",
    "F": "record and sources",
    "Z": "several at once",
}


def holds(name: str) -> bool:
    """Whether a case says what it should, in Python and on the shell."""
    path, expected = case(name)
    command = ["check", str(path.resolve())]
    if name not in FRONT:
        command = ["assess", command[1], "--draws", "16", "--quick", "--no-report"]
    errors = io.StringIO()
    with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
        code = main(command)
    try:
        agree_on_the_shell(expected, code, errors.getvalue())
        if name in FRONT:
            agree(expected, *outcome_of(path))
    except AssertionError as error:
        print(f"{name}: {str(error).splitlines()[0]}", file=sys.stderr)
        return False
    return True


def run() -> int:
    """Run everything; 0 if all cases hold."""
    counts: collections.Counter[tuple[str, bool]] = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name in NAMES:
            counts[name[0], holds(name)] += 1
    for letter, about in GROUPS.items():
        good, bad = counts[letter, True], counts[letter, False]
        print(f"{letter}  {about:<34} {good:>4} of {good + bad}")
    good = sum(number for (_, fine), number in counts.items() if fine)
    print(f"{good} of {len(NAMES)} cases hold")
    return int(good != len(NAMES))


if __name__ == "__main__":
    sys.exit(run())
