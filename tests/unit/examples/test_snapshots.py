"""A reviewer learns what a user gets by reading the snapshot beside each example."""

import pytest

from tests.unit.examples.example_on_mocks import EXAMPLES, PROGRAMS
from tests.unit.examples.snapshot import REGENERATE, snapshot, snapshot_file


def test_there_are_examples() -> None:
    assert set(PROGRAMS) == {
        "access-review",
        "adopted-vault",
        "app-on-platform",
        "container-app",
        "kubernetes",
        "links",
        "one-app",
        "platform",
        "shared-identity",
        "shop",
        "logic-app",
        "virtual-machine",
        "workload-access",
    }


def test_every_example_is_in_the_list_of_examples() -> None:
    listed = (EXAMPLES / "README.md").read_text()
    assert [example for example in PROGRAMS if f"]({example}/README.md)" not in listed] == []


@pytest.mark.parametrize("example", PROGRAMS)
def test_the_snapshot_beside_an_example_is_what_its_user_gets(example: str) -> None:
    committed = snapshot_file(example).read_text() if snapshot_file(example).exists() else ""
    assert snapshot(example) == committed, f"if the change is meant, run {REGENERATE} and read the difference"


@pytest.mark.parametrize("example", PROGRAMS)
def test_an_example_is_a_whole_project_that_says_how_to_run_it(example: str) -> None:
    folder = EXAMPLES / example
    assert {"Pulumi.yaml", "Pulumi.dev.yaml", "README.md", "__main__.py"} <= {
        f.name for f in folder.iterdir()
    }
    readme = (folder / "README.md").read_text()
    assert "from keyless_azure import" in readme
    assert len(readme.splitlines()) <= 36
