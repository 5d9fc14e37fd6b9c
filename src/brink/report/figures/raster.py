"""Figures as PNG: a browser that is already on the machine draws the SVG files.

The drawing is the same on every machine, the fonts are not: unlike everything else in a report,
these files may differ in their bytes from one machine to the next.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from brink.errors import BrinkSystemError, BrinkUsageError, Problem

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCALE = 2
"""Pixels of the image per unit of the drawing, in both directions."""
SECONDS = 60.0
"""Longest time for one drawing."""

_SIZE = re.compile(rb'<svg[^>]*? width="([0-9.]+)" height="([0-9.]+)"')
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    f"--force-device-scale-factor={SCALE}",
)


def installed_browser() -> str:
    """Path of a browser that can draw.

    Raises:
        BrinkUsageError: There is none on this machine (E278).
    """
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    raise BrinkUsageError(
        Problem(
            "E278",
            f"PNG needs a browser: none of {', '.join(BROWSERS)} is on the path",
            "install Chromium, or take the format svg",
        )
    )


def rasterised(drawings: Mapping[str, bytes]) -> dict[str, bytes]:
    """Images of drawings that are files of their own.

    Args:
        drawings: Name -> SVG, as :meth:`~brink.report.figures.svg.Figure.standalone` gives it.

    Returns:
        Name -> PNG, :data:`SCALE` pixels per unit of the drawing.

    Raises:
        BrinkUsageError: There is no browser on this machine (E278).
        BrinkSystemError: The browser did not draw (E012).
    """
    browser = installed_browser()
    with tempfile.TemporaryDirectory(prefix="brink-png-") as folder:
        return {
            name: _drawn(browser, svg, Path(folder), number)
            for number, (name, svg) in enumerate(drawings.items())
        }


def _drawn(browser: str, svg: bytes, folder: Path, number: int) -> bytes:
    size = _SIZE.search(svg)
    if size is None:
        raise ValueError("the drawing does not state its size")
    # Whole pixels, so that nothing is cut off at the right or below.
    width, height = (-int(-float(side) // 1) for side in size.groups())
    source, target = folder / f"{number}.svg", folder / f"{number}.png"
    source.write_bytes(svg)
    command = [
        browser,
        *_FLAGS,
        f"--user-data-dir={folder / 'profile'}",
        f"--window-size={width},{height}",
        f"--screenshot={target}",
        source.as_uri(),
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Chromium's own sandbox does not start for root.
        command.insert(1, "--no-sandbox")
    try:
        subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)
        image = target.read_bytes()
    except (OSError, subprocess.SubprocessError) as error:
        raise _failed(browser) from error
    if not image.startswith(_SIGNATURE):
        raise _failed(browser)
    return image


def _failed(browser: str) -> BrinkSystemError:
    return BrinkSystemError(
        Problem(
            "E012",
            f"{browser} did not draw a figure",
            "check that it starts with --headless, or take the format svg",
        )
    )
