"""The versions of the engine: what is accepted, and what is got. docs/decisions/engine.md says why."""

import re

MINIMUM = (3, 259, 0)
"""The oldest `pulumi` on PATH that is used: the oldest one this project has been run with."""

ENGINE = "3.259.0"
"""What is got where there is none: the release with its checksums, or what toolchain/go/go.mod requires."""

Version = tuple[int, int, int]


def parse(text: str) -> Version | None:
    """The three numbers of a version such as `v3.259.0` or `3.260.0-alpha.1`; None when `text` is none."""
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)(?![\d.])", text.strip())
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def written(version: Version) -> str:
    """`(3, 259, 0)` as `3.259.0`."""
    return ".".join(str(number) for number in version)
