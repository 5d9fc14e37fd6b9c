"""One run under plain circumstances, which the others are compared with."""

from __future__ import annotations

import pytest
from shell import Done, brink


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The assessment as it comes out where nothing is odd."""
    done = brink(tmp_path_factory.mktemp("plain"))
    assert done.code == 0, done.err
    return done
