"""A public scanner finds nothing in what we register but what is named, each with its reason."""

from collections.abc import Mapping

import pytest

from components import COMPONENTS
from tests.scanner.checkov import scan
from tests.scanner.scanned import careless, closed, left_alone
from tests.scanner.waivers import ALWAYS, UNLESS_ASKED, Finding

Found = Mapping[str, set[Finding]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    programs = {"closed": closed(), "left-alone": left_alone(), "careless": careless()}
    return scan(tmp_path_factory.mktemp("templates"), programs)


def test_the_scanner_sees_what_is_open(found: Found) -> None:
    account = "Microsoft.Storage/storageAccounts"
    assert {("CKV_AZURE_3", account), ("CKV_AZURE_44", account)} <= found["careless"]
    # In what cloud-init does, which a template has in Base64.
    assert ("CKV_AZURE_45", "Microsoft.Compute/virtualMachines") in found["careless"]


def test_what_is_left_alone_has_no_finding_without_a_reason(found: Found) -> None:
    assert found["left-alone"] == ALWAYS.keys() | UNLESS_ASKED.keys()


def test_what_an_argument_is_said_to_close_it_closes(found: Found) -> None:
    assert found["closed"] == ALWAYS.keys()


def test_every_reason_is_given_in_words_and_names_arguments_that_there_are() -> None:
    known = {key for one in COMPONENTS for key in one.__init__.__annotations__["args"].__annotations__}
    for finding, left in UNLESS_ASKED.items():
        assert left.arguments, finding
        assert set(left.arguments) <= known, finding
    assert all(
        len(reason.split()) > 5
        for reason in (*ALWAYS.values(), *(one.reason for one in UNLESS_ASKED.values()))
    )
