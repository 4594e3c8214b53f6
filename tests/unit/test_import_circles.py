"""No file needs another one that needs it; imports for the type checker and within functions count."""

import pytest

from tests.unit.import_graph import circles, imports_of
from toolchain.paths import ROOT

PACKAGES = sorted({file.relative_to(ROOT).parts[0] for file in ROOT.glob("[a-z]*/**/*.py")})


def test_every_folder_with_code_is_looked_at() -> None:
    assert {"access_report", "components", "local_azure", "loop", "tests", "toolchain"} <= set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_package_has_a_circle_of_imports(package: str) -> None:
    assert circles(imports_of(ROOT, package)) == []


def test_services_of_the_local_azure_do_not_need_each_other_in_a_circle() -> None:
    services = {file.parent.name for file in (ROOT / "local_azure").glob("*/service.py")}
    assert len(services) > 8
    needed: dict[str, set[str]] = {service: set() for service in services}
    for module, imported in imports_of(ROOT, "local_azure").items():
        own = module.split(".")[1:2]
        others = {name.split(".")[1] for name in imported if name.count(".") > 1}
        for service in services.intersection(own):
            needed[service] |= (others & services) - {service}
    assert circles(needed) == []


def test_a_circle_is_found_however_it_is_imported() -> None:
    graph = {"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": {"e"}, "e": set[str](), "f": {"f"}}
    assert circles(graph) == [["a", "b", "c"]]
