"""The pins of the engine agree with each other, and versions are read as Pulumi writes them."""

import re
from pathlib import Path

import pytest

from toolchain import versions
from toolchain.paths import GO_MODULE, ROOT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v3.259.0", (3, 259, 0)),
        ("3.272.1\n", (3, 272, 1)),
        ("v3.260.0-alpha.1", (3, 260, 0)),
        ("3.260.0+dirty", (3, 260, 0)),
        ("3.260", None),
        ("3.260.0.1", None),
        ("command not found", None),
        ("", None),
    ],
)
def test_a_version_is_read_as_pulumi_writes_it(text: str, expected: versions.Version | None) -> None:
    assert versions.parse(text) == expected


def test_versions_are_compared_as_numbers_and_written_as_pulumi_writes_them() -> None:
    newer, older = versions.parse("3.1000.0"), versions.parse("3.259.0")
    assert newer is not None
    assert older is not None
    assert newer > older
    assert versions.written(older) == "3.259.0"


def test_the_go_module_requires_the_version_that_is_built() -> None:
    required = re.findall(r"pulumi/(\w+)/v3 v(\S+)", (GO_MODULE / "go.mod").read_text(encoding="utf-8"))
    assert required == [("pkg", versions.ENGINE), ("sdk", versions.ENGINE)]


def test_every_module_that_is_required_has_its_checksum_in_the_repository() -> None:
    sums = (GO_MODULE / "go.sum").read_text(encoding="utf-8")
    for name in ("pkg", "sdk"):
        assert re.search(rf"^github.com/pulumi/pulumi/{name}/v3 v{versions.ENGINE} h1:", sums, re.MULTILINE)


def test_a_built_engine_is_new_enough_to_be_accepted_on_path() -> None:
    built = versions.parse(versions.ENGINE)
    assert built is not None
    assert built >= versions.MINIMUM


def test_the_message_on_failure_names_the_go_that_the_module_asks_for() -> None:
    wanted = re.search(r"^go (\S+)$", (GO_MODULE / "go.mod").read_text(encoding="utf-8"), re.MULTILINE)
    assert wanted
    assert f"Go {wanted[1]}" in Path(ROOT / "toolchain" / "engine.py").read_text(encoding="utf-8")
