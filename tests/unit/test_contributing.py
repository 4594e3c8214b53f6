"""What CONTRIBUTING says a new target and a new host touch is there, and is all that those we have touch."""

import re

import pytest

from components.links import target_records
from tests.unit.import_graph import imports_of
from toolchain.paths import ROOT

ADDING = (ROOT / "CONTRIBUTING.md").read_text().partition("## Adding")[2].partition("\n## ")[0]
PATHS = sorted({path for path in re.findall(r"`([\w./-]+/[\w./-]*)`", ADDING) if not path.startswith("…")})
GRAPH = imports_of(ROOT, "components")
ONE_FIELD, PUBLIC = "components.links", "components"


def importers(module: str) -> set[str]:
    """What imports a module of the components, those that create a target left out."""
    found = {one for one, names in GRAPH.items() if module in names}
    return {one for one in found if not one.startswith("components.targets.")}


def test_the_files_that_it_names_are_there() -> None:
    assert len(PATHS) > 10
    assert [path for path in PATHS if not (ROOT / path).exists()] == []


def test_its_examples_are_those_that_the_tests_add() -> None:
    assert {
        "tests/unit/components/inbox_target.py",
        "tests/unit/components/worker_host.py",
    } <= set(PATHS)
    seams = (ROOT / "tests/unit/components/test_seams.py").read_text()
    assert "import inbox_target" in seams
    assert "worker_host import Worker" in seams


@pytest.mark.parametrize("field", sorted(target_records()))
def test_a_target_is_one_file_and_one_field_and_its_public_names(field: str) -> None:
    module = target_records()[field].__module__
    # The short forms that were there before links are read into them. Hosts whose platform reads secrets, or
    # does not, have their own way with a vault's.
    older = {
        "key_vault": {
            "components.hosts.app_service.function_site",
            "components.hosts.app_service.site_choices",
            "components.hosts.container_apps.workload",
            "components.hosts.kubernetes.secret_classes",
            "components.hosts.kubernetes.workload",
            "components.hosts.kubernetes.workload_arguments",
            "components.hosts.without_references",
        },
        "blobs": {"components.links.flat_storage"},
        "queues": {"components.links.flat_storage"},
        # The nodes of a cluster pull its images, with the role that the registry honours.
        "registry": {"components.hosts.kubernetes.cluster_arguments"},
    }
    assert importers(module) - older.get(field, set()) == {ONE_FIELD, PUBLIC}


@pytest.mark.parametrize("host", ["web_app", "web_app_slot", "function_app", "function_app_slot"])
def test_a_host_is_known_to_its_public_name_and_what_it_is_a_part_of(host: str) -> None:
    parts = {
        "web_app": {"components.keyless_web_app"},
        "web_app_slot": {"components.hosts.app_service.web_app"},
        "function_app": set[str](),
        "function_app_slot": set[str](),
    }
    assert importers(f"components.hosts.app_service.{host}") == {PUBLIC, *parts[host]}
