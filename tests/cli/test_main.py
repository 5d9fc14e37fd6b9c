"""The shell's contract: exit codes, messages, nothing heavy for light commands."""

from __future__ import annotations

import subprocess
import sys

import pytest

from brink.__main__ import main


def test_help_and_check_load_no_numerical_library() -> None:
    script = (
        "import sys; from brink.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert main(['check', 'ukraine-2022']) == 0\n"
        "heavy = {'numpy', 'scipy', 'pandas', 'rich', 'jinja2', 'starlette'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["no-such-command"], 2, "E002"),
        (["check"], 2, "E002"),
        (["check", "no-such-file.yaml"], 5, "E001"),
        (["check", "ukrane-2022"], 5, "ukraine-2022"),
    ],
)
def test_wrong_use_is_answered_without_a_traceback(
    arguments: list[str], code: int, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == code
    shown = capsys.readouterr().err
    assert text in shown
    assert "Traceback" not in shown


def test_check_prints_nothing_on_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "ukraine-2022"]) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == ""


def test_module_runs_like_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "brink", "--version"], capture_output=True, text=True
    )
    assert done.returncode == 0
    assert done.stdout.startswith("brink ")
    assert "core" in done.stdout
