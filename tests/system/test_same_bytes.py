"""The surroundings of a run change neither a byte of its files nor of what it prints."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from shell import ASSESS, Done, brink

ELSEWHERE: dict[str, Mapping[str, str]] = {
    "plain C locale, no UTF-8 mode, far east, one hash seed": {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "0",
    },
    "far west, another hash seed, many threads": {
        "TZ": "Etc/GMT+12",
        "PYTHONHASHSEED": "1",
        "OMP_NUM_THREADS": "8",
        "OPENBLAS_NUM_THREADS": "8",
    },
    "proxies that are garbage, no home, no colour": {
        "HTTPS_PROXY": "http://x:1",
        "HTTP_PROXY": "not an address",
        "ALL_PROXY": "socks9://::::",
        "HOME": "/nonexistent",
        "XDG_CACHE_HOME": "/nonexistent/cache",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "OMP_NUM_THREADS": "1",
    },
}


@pytest.mark.parametrize("surroundings", ELSEWHERE.values(), ids=ELSEWHERE)
def test_surroundings_change_no_byte(
    surroundings: Mapping[str, str], plain: Done, tmp_path: Path
) -> None:
    done = brink(tmp_path, changes=surroundings)
    assert done.code == 0, done.err
    assert done.written() == plain.written()
    if "PYTHONUTF8" not in surroundings:
        assert done.out == plain.out


@pytest.mark.parametrize("name", ["de_DE.UTF-8", "tr_TR.UTF-8"])
def test_decimal_commas_and_dotless_letters_change_no_byte(
    name: str, plain: Done, tmp_path: Path
) -> None:
    listed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
    if name.lower().replace("-", "") not in listed.lower():
        pytest.skip(f"this machine has no locale {name}")
    done = brink(tmp_path, changes={"LC_ALL": name})
    assert done.code == 0, done.err
    assert done.written() == plain.written()


def _without_command(done: Done) -> object:
    data = json.loads((done.folder / "out" / "assessment.json").read_bytes())
    manifest = data.get("manifest", data)
    assert manifest.pop("command").startswith("brink assess deterrence")
    return data


@pytest.mark.parametrize("workers", ["1", "2"])
def test_number_of_workers_changes_only_the_command_noted(
    workers: str, plain: Done, tmp_path: Path
) -> None:
    done = brink(tmp_path, (*ASSESS, "--workers", workers))
    assert done.code == 0, done.err
    assert _without_command(done) == _without_command(plain)
    tables = {name for name in plain.written() if name.endswith((".csv", ".svg"))}
    assert len(tables) > 5
    assert {name: done.written()[name] for name in tables} == {
        name: plain.written()[name] for name in tables
    }


def test_result_is_redirected_without_colour_or_bar(plain: Done) -> None:
    assert plain.out
    assert b"\x1b" not in plain.out
    assert b"\r" not in plain.out
    assert plain.err == f"report: {Path('out', 'report.html')}\n"
