"""Runs ``brink`` as a process of its own in an empty folder, as a person's shell would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ASSESS = ("assess", "deterrence", "--draws", "20", "--quick", "--out", "out")

# Variables that would let the surroundings of the tests leak into the process under test.
_LEAKS = ("LC_", "LANG", "PYTHON", "OMP_", "OPENBLAS_", "XDG_", "TZ", "NO_COLOR", "FORCE_COLOR")


@dataclass(frozen=True)
class Done:
    """What one process left behind."""

    code: int
    out: bytes
    err: str
    folder: Path

    def written(self) -> dict[str, bytes]:
        """Every file in the folder: path inside it -> content."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }


def environment(folder: Path, changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """A plain environment whose home and temporary folder are empty."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(_LEAKS)}
    return {**kept, "LANG": "C.UTF-8", "HOME": str(folder / "home"), **(changes or {})}


def command(arguments: Sequence[str]) -> list[str]:
    """The command line of a process that runs ``brink``."""
    return [sys.executable, "-m", "brink", *arguments]


def brink(
    folder: Path,
    arguments: Sequence[str] = ASSESS,
    changes: Mapping[str, str] | None = None,
    **options: Any,
) -> Done:
    """Run ``brink`` in ``folder``, which is made, and wait for it."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        command(arguments),
        cwd=folder,
        env=environment(folder, changes),
        capture_output=True,
        timeout=120,
        check=False,
        **options,
    )
    return Done(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"), folder)
