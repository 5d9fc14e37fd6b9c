"""PNG by a browser: the size of the drawing twice over, something on it, and a clear refusal."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import browser
import pytest
import sample

from brink.__main__ import main
from brink.errors import BrinkSystemError, BrinkUsageError
from brink.report import files
from brink.report.figures import raster
from brink.report.files import write_report

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40.5" height="700" viewBox="0 0 40.5 700">'
    b'<rect width="40.5" height="700" fill="#336699"/></svg>'
)


def size(image: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", image[16:24])
    return width, height


def pixels(image: bytes) -> bytes:
    """The filtered rows of an image, unpacked."""
    data, offset = b"", 8
    while offset < len(image):
        (length,) = struct.unpack(">I", image[offset : offset + 4])
        if image[offset + 4 : offset + 8] == b"IDAT":
            data += image[offset + 8 : offset + 8 + length]
        offset += 12 + length
    return zlib.decompress(data)


@pytest.mark.browser
def test_a_drawing_fills_its_image() -> None:
    browser.chromium()
    image = raster.rasterised({"a": SVG})["a"]
    assert size(image) == (82, 1400)
    assert b"\x33\x66\x99" in pixels(image)


@pytest.mark.browser
def test_drawings_of_a_report_become_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.chromium()
    drawings = files.figures
    # Two of them: each starts a browser.
    monkeypatch.setattr(files, "figures", lambda page: dict(list(drawings(page).items())[:2]))
    written = write_report(sample.assessment(), tmp_path, ["svg", "png"])
    names = {path.stem: path for path in written if path.suffix == ".png"}
    assert len(names) == 2
    assert set(names) == {path.stem for path in written if path.suffix == ".svg"}
    assert all(min(size(path.read_bytes())) > 100 for path in names.values())


def test_without_a_browser_nothing_is_computed_or_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(raster.shutil, "which", lambda name: None)
    with pytest.raises(BrinkUsageError, match="E278"):
        write_report(sample.assessment(), tmp_path / "out", ["png"])
    assert main(["report", "deterrence", "--format", "png", "--out", str(tmp_path / "out")]) == 2
    assert "E278 PNG needs a browser" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "script",
    [
        "exit 1",
        "exit 0",
        'for a in "$@"; do case $a in --screenshot=*) echo no image > "${a#*=}";; esac; done',
    ],
    ids=["fails", "silent", "junk"],
)
def test_a_browser_that_does_not_draw_is_told(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "browser"
    fake.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(raster.shutil, "which", lambda name: str(fake))
    with pytest.raises(BrinkSystemError, match="E012"):
        raster.rasterised({"a": SVG})
