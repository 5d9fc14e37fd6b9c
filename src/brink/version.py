"""The version of Brink and of the numerical core in use."""

from __future__ import annotations

import functools
from importlib import metadata


@functools.cache
def brink_version() -> str:
    """The installed version."""
    return metadata.version("brink")


def version_line() -> str:
    """Version, numerical core in use and interpreter, for ``brink --version``."""
    import platform

    from brink.core.solve import available_backends

    best = available_backends()[0]
    core = (
        f"compiled core ({best})"
        if best != "numpy"
        else "NumPy core (the compiled kernel is not built; solving is slower)"
    )
    return f"brink {brink_version()}, {core}, Python {platform.python_version()}"
