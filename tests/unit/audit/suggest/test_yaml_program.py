"""Programs in YAML and stacks' configurations are changed entry by entry, every other character stays."""

import pytest

from audit.suggest.changes import Change, Declared, NotEditableError, Put, Take
from audit.suggest.configuration import Configuration
from audit.suggest.yaml_program import YamlProgram
from components import QueueAccess, SecretAccess
from toolchain.paths import ROOT

SHOP = Declared("WebApp", "shop", "keyless:index:WebApp")
EXAMPLE = (ROOT / "examples" / "yaml" / "Pulumi.yaml").read_text()


def changed(text: str, *changes: Change) -> tuple[list[str], list[str]]:
    """Lines that are gone and that are new."""
    program = YamlProgram("Pulumi.yaml", text)
    for one in changes:
        program.apply(one)
    new = program.texts()["Pulumi.yaml"].splitlines()
    old = text.splitlines()
    return [line.strip() for line in old if line not in new], [
        line.strip() for line in new if line not in old
    ]


def test_a_link_goes_with_its_lines_and_nothing_else_does() -> None:
    gone, new = changed(EXAMPLE, Take(SHOP, ("links", "group")), Take(SHOP, ("links", "reports")))
    assert new == []
    assert gone == [
        "group:", "role: # by its name, its GUID, or the id of a definition of your own", "id: ${group.id}",
        "role: Reader", "reports:", "blobs:", "container: reports", "endpoint: ${files.endpoint}",
        "variables: ARCHIVE # code is told ARCHIVE_ENDPOINT and ARCHIVE_CONTAINER",
    ]  # fmt: skip


def test_arguments_are_spelt_as_the_language_has_them_and_names_of_the_users_stay() -> None:
    secret = "        DATABASE_PASSWORD: database-password\n      settings"
    text = EXAMPLE.replace(secret, secret.replace("\n", "\n        A_B: c\n"))
    gone, new = changed(
        text,
        Put(SHOP, ("links", "orders", "queues", "access"), QueueAccess.READ),
        Put(SHOP, ("secret_access",), SecretAccess.SECRET),
        Take(SHOP, ("secrets", "A_B")),
    )
    assert (gone, new) == (["access: send", "A_B: c"], ["access: read", "secretAccess: secret"])


def test_a_map_of_which_nothing_is_left_goes_too() -> None:
    program = YamlProgram("Pulumi.yaml", EXAMPLE)
    program.apply(Take(SHOP, ("secrets", "DATABASE_PASSWORD")))
    before, after = EXAMPLE, program.texts()["Pulumi.yaml"]
    assert (before.count("      secrets:\n"), after.count("      secrets:\n")) == (3, 2)


def test_a_declaration_that_others_name_is_refused_and_one_that_nobody_names_goes() -> None:
    nightly = Declared("WorkloadAccess", "nightly", "keyless:index:WorkloadAccess")
    program = YamlProgram("Pulumi.yaml", EXAMPLE)
    with pytest.raises(NotEditableError, match="what it gives is used by other lines"):
        program.apply(Take(nightly, ()))
    assert program.texts() == {}
    alone = YamlProgram("Pulumi.yaml", EXAMPLE.replace("  environment: ${nightly.environment}\n", ""))
    alone.apply(Take(nightly, ()))
    assert "nightly" not in alone.texts()["Pulumi.yaml"]


def test_a_resource_is_found_by_the_name_that_it_says_and_by_its_type() -> None:
    text = (
        "name: x\nruntime: yaml\nresources:\n  a:\n    type: keyless:index:WebApp\n    name: shop\n"
        "    properties: {links: {b: 1, c: 2}}\n"
    )
    program = YamlProgram("Pulumi.yaml", text)
    assert program.declares(SHOP)
    assert not program.declares(Declared("FunctionApp", "shop", "keyless:index:FunctionApp"))
    assert not program.declares(Declared("WebApp", "a", "keyless:index:WebApp"))
    assert str(program.apply(Take(SHOP, ("links", "b")))) == "Pulumi.yaml:7"
    assert "{links: {c: 2}}" in program.texts()["Pulumi.yaml"]


@pytest.mark.parametrize(
    ("properties", "why"),
    [
        ("links: &all\n        b: {blobs: {access: write}}\n      more: *all", "cannot be changed for sure"),
        ("links: ${config}", "is computed"),
    ],
)
def test_a_form_that_cannot_be_changed_for_sure_is_refused_and_not_touched(properties: str, why: str) -> None:
    text = f"resources:\n  shop:\n    type: keyless:index:WebApp\n    properties:\n      {properties}\n"
    program = YamlProgram("Pulumi.yaml", text)
    with pytest.raises(NotEditableError, match=why):
        program.apply(Take(SHOP, ("links", "b")))
    assert program.texts() == {}


PROD = """# Production.
config:
  keyless:size: P1v3  # paid by the year
  keyless:secrets:
    A_KEY: a
    # not used any more?
    B_KEY: b
  keyless:tags: {}
"""


def configuration(keys: set[str]) -> Configuration:
    return Configuration("Pulumi.prod.yaml", PROD, "keyless", keys, [SHOP])


def test_a_stacks_configuration_loses_a_secret_and_gets_a_key_that_the_project_has() -> None:
    own = configuration({"secrets", "secretAccess"})
    assert own.declares(SHOP)
    assert not own.declares(Declared("WebApp", "other", SHOP.token))
    lines = [
        own.apply(Take(SHOP, ("secrets", "B_KEY"))),
        own.apply(Put(SHOP, ("secret_access",), SecretAccess.SECRET)),
    ]
    assert list(map(str, lines)) == ["Pulumi.prod.yaml:7", "Pulumi.prod.yaml:2"]
    expected = (
        PROD.replace("    # not used any more?\n    B_KEY: b\n", "") + "  keyless:secretAccess: secret\n"
    )
    assert own.texts() == {"Pulumi.prod.yaml": expected}
    assert own.changed_too("config:\n  keyless:secrets: {A_KEY: a, B_KEY: b}\n  other: 1\n") == (
        "config:\n  keyless:secrets: {A_KEY: a}\n  other: 1\n  keyless:secretAccess: secret\n"
    )


def test_a_key_that_the_project_does_not_declare_is_not_made_up() -> None:
    own = configuration({"secrets"})
    with pytest.raises(NotEditableError, match="the configuration of keyless has no key for secret_access"):
        own.apply(Put(SHOP, ("secret_access",), SecretAccess.SECRET))
    assert own.texts() == {}
