"""Faults of the machine: no room, no permission, an interruption. All or nothing is written."""

from __future__ import annotations

import os
import random
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from shell import ASSESS, Done, brink, command, environment

CODED = re.compile(r"^E\d{3} ", re.MULTILINE)


def _refused(done: Done) -> None:
    assert done.code == 5, done.err
    assert CODED.search(done.err), done.err
    assert "Traceback" not in done.err


def _files_of_at_most(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_files_that_may_not_grow_leave_the_earlier_report_alone(
    plain: Done, tmp_path: Path
) -> None:
    """A quota on the size of files strikes in the middle of a file, as a full disk does."""
    shutil.copytree(plain.folder / "out", tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    done = brink(
        tmp_path,
        (*ASSESS, "--seed", "7"),
        preexec_fn=lambda: _files_of_at_most(8192),
    )
    _refused(done)
    assert done.written() == plain.written()
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}.keys() == (
        before.keys()
    )


def test_files_that_may_not_grow_leave_no_new_folder(tmp_path: Path) -> None:
    done = brink(tmp_path, preexec_fn=lambda: _files_of_at_most(8192))
    _refused(done)
    assert "out" in done.err
    assert list(tmp_path.iterdir()) == []


def test_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    """A file system of 64 KB, mounted where only this process and its children see it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    run = shlex.join(command([*ASSESS[:-1], str(disk / "out")]))
    script = (
        f"mount -t tmpfs -o size=64k tmpfs {shlex.quote(str(disk))} || exit 99\n"
        f"echo earlier > {shlex.quote(str(disk / 'earlier.txt'))}\n"
        f"{run}\ncode=$?\nfind {shlex.quote(str(disk))} -mindepth 1\nexit $code\n"
    )
    try:
        done = subprocess.run(
            ["unshare", "--map-root-user", "--mount", "sh", "-c", script],
            cwd=tmp_path,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("this machine has no unshare")
    if done.returncode in {1, 99} and "E0" not in done.stderr:
        pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")
    assert done.returncode == 5, done.stderr
    assert CODED.search(done.stderr)
    assert "Traceback" not in done.stderr
    found = [line for line in done.stdout.splitlines() if line.startswith(str(disk))]
    assert found == [str(disk / "earlier.txt")]


def test_file_in_place_of_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    done = brink(tmp_path)
    _refused(done)
    assert done.written() == {"out": b"mine"}


def test_folder_that_may_not_be_written_stays_empty(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    tmp_path.chmod(0o555)
    try:
        done = brink(tmp_path)
        _refused(done)
        assert done.written() == {}
    finally:
        tmp_path.chmod(0o755)


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's folders of the kernel")
def test_folder_that_not_even_root_may_write(tmp_path: Path) -> None:
    done = brink(tmp_path, (*ASSESS[:-1], "/proc/out"))
    _refused(done)
    assert "/proc/out" in done.err


# Far more draws than are done by the time of the signal.
LONG = ("assess", "deterrence", "--draws", "100000", "--out", "out")


def _interrupted_after(seconds: float, folder: Path) -> Done:
    folder.mkdir()
    process = subprocess.Popen(
        command(LONG),
        # a shell that started the tests in the background may have them ignore interruptions
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    sent = time.monotonic()
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - sent < 20
    # Python ends by the signal itself where it struck inside an exec of text, as in the making of a
    # dataclass, even when the interruption was answered; a shell shows 130 for both.
    code = 130 if process.returncode == -signal.SIGINT else process.returncode
    return Done(code, out, err.decode(), folder)


@pytest.mark.parametrize("number", range(4))
def test_interruption_leaves_no_half_of_a_report(number: int, tmp_path: Path) -> None:
    """Early moments, while modules are being loaded, and later ones, while solving."""
    seconds = random.Random(number).uniform(0.3, 1.0) if number < 2 else float(number)
    done = _interrupted_after(seconds, tmp_path / "run")
    assert done.code == 130, (seconds, done.err)
    assert "Traceback" not in done.err
    assert done.written() == {}
    assert list(done.folder.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", range(100))
def test_interruption_at_any_moment(number: int, tmp_path: Path) -> None:
    seconds = random.Random(1000 + number).uniform(0.15, 4.0)
    done = _interrupted_after(seconds, tmp_path / "run")
    assert done.code == 130, (seconds, done.err)
    assert "Traceback" not in done.err
    assert list(done.folder.iterdir()) == []


def test_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """As in ``brink schema | head -1``."""
    process = subprocess.Popen(
        command(("schema",)),
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=30) == 0
    process.stderr.close()
