"""Identities of a web app that contradict each other, each refused with a way out."""

import pytest

from tests.unit.components.answering_azure import CLIENT, IDENTITY, PRINCIPAL, VAULT
from tests.unit.components.recorded_azure import Later
from tests.unit.components.web_apps import KINDS, WITH_SECRET, refusal


def test_no_identity_with_secrets_is_refused() -> None:
    text = refusal(identity="none", **WITH_SECRET)
    assert "identity and secrets\n     given     none, with secrets\n" in text
    assert "next      set identity to user-assigned\n     or        take secrets out" in text


def test_existing_needs_the_id_of_the_identity() -> None:
    text = refusal(identity="existing")
    assert "identity_id\n     given     nothing\n" in text
    assert "because identity is existing" in text


@pytest.mark.parametrize("kind", ["user-assigned", "system-assigned", "none"])
@pytest.mark.parametrize("key", ["identity_id", "identity_principal_id", "identity_client_id"])
def test_the_ids_of_an_existing_identity_are_refused_with_any_other_kind(kind: str, key: str) -> None:
    text = refusal(identity=kind, **{key: IDENTITY if key == "identity_id" else CLIENT})
    assert (
        f"1. identity and {key}\n     given     {kind}, with {key}\n     expected  identity existing" in text
    )
    assert f"next      set identity to existing\n     or        take {key} out" in text


@pytest.mark.parametrize("kind", ["system-assigned", "existing", "none"])
def test_a_name_for_an_identity_that_is_not_created_is_refused(kind: str) -> None:
    text = refusal(**KINDS[kind], identity_name="id-mine")
    assert f"identity and identity_name\n     given     {kind}, with identity_name\n" in text


def test_one_of_the_two_ids_alone_is_refused() -> None:
    text = refusal(**KINDS["existing"], identity_client_id=CLIENT)
    assert "identity_principal_id and identity_client_id\n     given     identity_client_id alone\n" in text


def test_one_id_for_both_is_refused() -> None:
    text = refusal(**KINDS["existing"], identity_principal_id=CLIENT, identity_client_id=CLIENT)
    assert "given     one id for both\n     expected  the identity's two ids" in text


@pytest.mark.parametrize("key", ["identity_principal_id", "identity_client_id"])
def test_an_id_that_is_no_guid_is_refused(key: str) -> None:
    ids = {"identity_principal_id": PRINCIPAL, "identity_client_id": CLIENT, key: "id-team"}
    given = "a text of 7 characters; character 1, 'i', is not allowed there"
    assert f"{key}\n     given     {given}\n     expected  a GUID" in refusal(**KINDS["existing"], **ids)


@pytest.mark.parametrize("later", [False, True])
def test_an_identity_id_of_something_else_is_refused(later: bool) -> None:
    text = refusal(identity="existing", identity_id=Later(VAULT) if later else VAULT)
    assert "providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>" in text


def test_an_unknown_kind_is_refused_with_the_nearest() -> None:
    text = refusal(identity="system_assigned")
    assert "expected  one of user-assigned, system-assigned, existing, none" in text
    assert text.endswith("next      write system-assigned")


def test_a_kind_that_is_an_output_is_refused() -> None:
    assert "identity\n     given     an Output\n" in refusal(identity=Later("none"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("SYSTEM_ASSIGNED", "system-assigned"),
        ("SystemAssigned", "system-assigned"),
        ("System assigned", "system-assigned"),
        ("USER_ASSIGNED", "user-assigned"),
        ("None", "none"),
        ("existng", "existing"),
        ("anything", "user-assigned"),
    ],
)
def test_a_kind_of_identity_in_another_spelling_is_told_as_what_was_meant(written: str, meant: str) -> None:
    assert f"\n     next      write {meant}" in refusal(identity=written)
