"""Hosts whose platform reads no secrets, and what Azure refuses only until a grant has taken effect."""

import asyncio
from typing import Any

import pulumi
import pytest

from components.arguments import Arguments
from components.hosts.without_references import NO_SECRETS, LinksWithoutReferencesArgs, plain
from components.hosts.without_references import read_links_without_references as read
from components.identity import IdentityKind
from components.links.link import IdentityIds
from components.tried_again import WAITS, while_refused
from tests.unit.components.answering_azure import ENDPOINT, VAULT
from tests.unit.components.recorded_azure import deploy

SECRETS = {"id": VAULT, "endpoint": ENDPOINT, "secrets": {"DB_PASSWORD": "db-pw"}}


def arguments(**given: Any) -> Arguments:
    return Arguments("Host", "x", given, LinksWithoutReferencesArgs, NO_SECRETS)


def test_code_is_told_where_a_secret_lies_and_never_the_secret() -> None:
    def program() -> dict[str, Any]:
        (link,) = read(arguments(links={"main": {"key_vault": SECRETS}}), IdentityKind.USER_ASSIGNED)
        told = link.tells(IdentityIds())
        assert [name for name, _ in link.variables] == list(told) == list(link.stay_at_a_swap)
        return dict(plain(told))

    assert deploy(program).outputs == {
        "MAIN_ENDPOINT": ENDPOINT,
        "DB_PASSWORD_URI": f"{ENDPOINT}secrets/db-pw",
    }


def test_the_identity_is_let_in_to_the_secrets_all_the_same() -> None:
    def program() -> dict[str, Any]:
        (link,) = read(arguments(links={"main": {"key_vault": SECRETS}}), IdentityKind.USER_ASSIGNED)
        return {"needs": [need.source for need in link.needs()], "here": link.grants_here}

    assert deploy(program).outputs == {"needs": ["links[main].key_vault"], "here": True}


def test_secrets_as_variables_are_refused_with_the_reason() -> None:
    given = arguments(secrets={"DB_PASSWORD": "db-pw"}, vault_id="x")
    assert read(given, IdentityKind.USER_ASSIGNED) == []
    assert [problem.subject for problem in given.problems] == ["secrets", "vault_id"]
    assert "no secret as a variable" in given.problems[0].expected
    assert "links a link with keyVault" in given.problems[0].steps[0].words


def test_a_host_without_an_identity_has_no_links() -> None:
    given = arguments(links={"main": {"key_vault": SECRETS}})
    deploy(lambda: dict.fromkeys(map(str, read(given, IdentityKind.NONE))))
    assert [problem.subject for problem in given.problems] == ["identity and links[main].key_vault"]


def test_what_is_not_in_effect_yet_is_waited_for_ten_minutes_and_nothing_else_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []
    said: list[object] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    def say(words: str, _: object) -> None:
        said.append(words)

    monkeypatch.setattr(asyncio, "sleep", wait)
    monkeypatch.setattr(pulumi.log, "info", say)
    resource: Any = None
    again = while_refused("is not accessible", resource, "waiting")

    def asked(*errors: str) -> bool:
        failed = pulumi.ErrorHookArgs("", "", "", "", failed_operation="create", errors=list(errors))
        return asyncio.run(_awaited(again(failed)))

    refusal = "The image 'x' is not accessible."
    assert [asked(*[refusal] * tries) for tries in range(1, len(WAITS) + 2)] == [True] * len(WAITS) + [False]
    assert waited == list(WAITS)
    assert 590 <= sum(waited) <= 610
    assert said == ["waiting"]
    assert not asked("another refusal", refusal)


async def _awaited(answer: Any) -> bool:
    return await answer
