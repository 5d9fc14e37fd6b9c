"""Build hook for the optional compiled kernel; everything else is in pyproject.toml.

Without a working compiler the installation goes on and the NumPy solver does the work. Setting
``BRINK_NO_KERNEL`` skips the attempt.
"""

import os
from pathlib import Path

from setuptools import Extension, setup

SOURCES = Path("src", "brink", "core", "csrc")

kernel = Extension(
    "brink.core._kernel",
    sources=[(SOURCES / name).as_posix() for name in ("kernel.c", "certificate.c")],
    depends=[path.as_posix() for path in sorted(SOURCES.glob("*.h"))],
    # No fused or reordered arithmetic: every instruction set shall give the same bits.
    extra_compile_args=[
        "-std=c11",
        "-O3",
        "-ffp-contract=off",
        "-fno-math-errno",
        "-fno-trapping-math",
        "-Wno-psabi",
    ],
    optional=True,
)

setup(ext_modules=[] if os.environ.get("BRINK_NO_KERNEL") else [kernel])
