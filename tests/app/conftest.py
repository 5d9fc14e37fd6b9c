"""One server for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from serving import Served, start

import brink


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """The textbook crisis, served."""
    found, server, thread = start(brink.load("deterrence"), 250)
    yield found
    server.should_exit = True
    thread.join(10)
    found.workbench.close()
