"""FunctionApp: sizes, languages and settings that the Functions runtime cannot do with are refused (F11)."""

import pytest

from tests.unit.components.answering_azure import VAULT
from tests.unit.components.function_apps import refusal
from tests.unit.components.recorded_azure import Later
from tests.unit.components.refusals import refusal_of
from tests.unit.components.web_apps import WITH_SECRET, web_app


def test_a_size_that_unloads_its_apps_is_refused() -> None:
    assert "size\n     given     F1\n     expected  a size that keeps a function app" in refusal(size="F1")
    assert "always_on\n     given     false" in refusal(always_on=False)


@pytest.mark.parametrize("size", ["Y1", "EP1", "ep3"])
def test_a_plan_whose_files_lie_on_a_share_is_refused_with_the_reason(size: str) -> None:
    text = refusal(size=size)
    assert f"size\n     given     a text of {len(size)} characters\n" in text
    assert "expected  a size without a share of files, which opens with a key only: F1, B1, " in text
    assert text.rstrip().endswith("next      write FC1")


def test_flex_consumption_is_for_functions_only() -> None:
    assert "FC1" in refusal(size="P9")
    text = refusal_of(web_app)(size="FC1")
    assert "size\n     given     a text of 3 characters\n     expected  a size: F1, B1, " in text
    assert "FC1" not in text


def test_without_an_identity_the_runtime_could_not_start() -> None:
    assert "identity\n     given     none, and a function app\n     expected  an identity: the Functions" in (
        refusal(identity="none")
    )


@pytest.mark.parametrize(
    "name",
    [
        "AzureWebJobsStorage",
        "azurewebjobsstorage__accountname",
        "FUNCTIONS_WORKER_RUNTIME",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "WEBSITE_CONTENTSHARE",
    ],
)
def test_f11_what_the_runtime_needs_is_given_by_nobody_else(name: str) -> None:
    assert f"settings[{name}] and host_storage_id" in refusal(settings={name: "mine"})
    text = refusal(**{**WITH_SECRET, "secrets": {name: "db-password"}})
    assert f"secrets[{name}] and host_storage_id\n" in text
    assert (
        f"next      take secrets[{name}] out, or rename it, here and in the app: host_storage_id sets" in text
    )


@pytest.mark.parametrize("later", [False, True])
def test_an_id_of_something_else_is_refused(later: bool) -> None:
    text = refusal(host_storage_id=Later(VAULT) if later else VAULT)
    assert "providers/Microsoft.Storage/storageAccounts/<name>" in text


def test_all_problems_are_told_at_once() -> None:
    text = refusal(size="F1", identity="none", settings={"WEBSITE_CONTENTSHARE": "mine"})
    assert text.count("\n     given ") == 3
