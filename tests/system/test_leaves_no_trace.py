"""A run opens no socket, starts no process, and writes nowhere but where it was told to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shell import ASSESS, Done, brink

# Loaded by Python before anything else; an audit hook cannot be taken away again.
GUARD = """
import json, os, sys

LOG = os.open(os.environ["AUDIT_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
CHANGING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork",
             "os.spawn", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.")
TOUCHING = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink",
            "os.truncate", "os.chmod", "os.chown")

def note(kind, what):
    os.write(LOG, (json.dumps([kind, what]) + "\\n").encode())

def _base(folder):
    # The last argument of these events is the open folder that the path is relative to.
    opened = isinstance(folder, int) and folder >= 0
    return os.readlink(f"/proc/self/fd/{folder}") if opened else os.getcwd()

def hook(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if isinstance(path, str) and (flags or 0) & CHANGING:
            note("write", os.path.abspath(path))
    elif event.startswith(TOUCHING):
        for path in arguments:
            if isinstance(path, (str, bytes, os.PathLike)):
                note("write", os.path.join(_base(arguments[-1]), os.fsdecode(path)))
    elif event.startswith(FORBIDDEN) and event != "socket.gethostname":
        note("forbidden", event)
        if event.startswith("socket.connect"):
            raise PermissionError("no network in this test")

sys.addaudithook(hook)
"""


def _watched(folder: Path, arguments: tuple[str, ...]) -> tuple[Done, list[tuple[str, str]]]:
    guard, log, work = folder / "guard", folder / "audit.jsonl", folder / "work"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    done = brink(
        work,
        arguments,
        {
            "PYTHONPATH": str(guard),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AUDIT_LOG": str(log),
        },
    )
    noted = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return done, [(kind, what) for kind, what in noted]


def test_guard_sees_what_it_should(tmp_path: Path) -> None:
    import subprocess
    import sys

    from shell import environment

    (tmp_path / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    log = tmp_path / "log"
    script = (
        "import socket, subprocess, pathlib\n"
        "pathlib.Path('seen.txt').write_text('x')\n"
        "subprocess.run(['true'])\n"
        "socket.create_connection(('127.0.0.1', 9))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment(tmp_path, {"PYTHONPATH": str(tmp_path), "AUDIT_LOG": str(log)}),
        capture_output=True,
        text=True,
        check=False,
    )
    noted = log.read_text(encoding="utf-8")
    assert "PermissionError: no network in this test" in done.stderr
    assert "seen.txt" in noted
    assert "subprocess.Popen" in noted
    assert "socket.connect" in noted


def test_assessment_writes_only_its_folder_and_talks_to_nobody(tmp_path: Path) -> None:
    done, noted = _watched(tmp_path, ASSESS)
    assert done.code == 0, done.err
    assert [what for kind, what in noted if kind == "forbidden"] == []
    out = str(tmp_path / "work" / "out")
    outside = {
        what
        for kind, what in noted
        if kind == "write" and not what.startswith(out) and what != "/dev/null"
    }
    assert outside == set()
    assert any(what.startswith(out) for kind, what in noted if kind == "write")
    assert {path.parts[0] for path in map(Path, done.written())} == {"out"}
    assert not [name for name in done.written() if "partial" in name]


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "ukraine-2022"),
        ("convert", "deterrence", "--to", "efg"),
        ("assess", "deterrence", "--draws", "20", "--quick", "--no-report", "--json"),
    ],
    ids=lambda arguments: str(arguments[0]),
)
def test_commands_without_a_report_write_nothing_at_all(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    done, noted = _watched(tmp_path, arguments)
    assert done.code == 0, done.err
    assert [one for one in noted if one[1] != "/dev/null"] == []
    assert done.written() == {}


def test_bad_file_leaves_nothing_behind(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("brink: 1\nactors: Russia\n", encoding="utf-8")
    done, noted = _watched(tmp_path, ("assess", str(bad), "--out", "out"))
    assert done.code == 3, done.err
    assert "Traceback" not in done.err
    assert [one for one in noted if one[1] != "/dev/null"] == []
    assert done.written() == {}
