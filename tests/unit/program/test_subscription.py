"""A stack that names its tenant and subscription runs nowhere else (P8)."""

from typing import Any

import pulumi
import pytest

from settings import Settings, WrongSubscription, stay_in_subscription
from tests.unit.program.mocked_engine import SIGNED_IN, Configure, MockedAzure

TENANT, SUBSCRIPTION = SIGNED_IN["tenantId"], SIGNED_IN["subscriptionId"]
OTHER = "99999999-9999-4999-8999-999999999999"


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []

    def warn(message: str, *_: Any) -> None:
        said.append(message)

    monkeypatch.setattr(pulumi.log, "warn", warn)
    return said


@pytest.mark.parametrize("own", [(TENANT, SUBSCRIPTION), (TENANT.upper(), SUBSCRIPTION.upper())])
def test_the_right_subscription_is_quiet(
    own: tuple[str, str], configure: Configure, warnings: list[str]
) -> None:
    configure({})
    stay_in_subscription(Settings(tenant_id=own[0], subscription_id=own[1]))
    assert warnings == []


@pytest.mark.parametrize("own", [(OTHER, SUBSCRIPTION), (TENANT, OTHER)], ids=["tenant", "subscription"])
def test_the_wrong_subscription_stops_the_run(
    own: tuple[str, str], configure: Configure, azure: MockedAzure
) -> None:
    configure({}, "prod")
    with pytest.raises(WrongSubscription) as caught:
        stay_in_subscription(Settings(tenant_id=own[0], subscription_id=own[1]))
    assert str(caught.value) == (
        "Stack prod belongs to another subscription than this login; nothing was declared.\n"
        f"     signed in  subscription {SUBSCRIPTION} in tenant {TENANT}\n"
        '     next       az login --tenant "$(pulumi config get tenantId --stack prod)" && '
        'az account set --subscription "$(pulumi config get subscriptionId --stack prod)"\n'
        "     or         the same two ids in ARM_TENANT_ID and ARM_SUBSCRIPTION_ID, where these are set"
    )
    assert azure.declared == []


def test_a_stack_without_a_subscription_is_told_how_to_bind_itself(
    configure: Configure, warnings: list[str]
) -> None:
    configure({}, "dev")
    stay_in_subscription(Settings())
    assert warnings == [
        "Stack dev names no tenant and subscription, so another login would take it elsewhere. "
        "To bind it to where you are signed in now:\n"
        f"     pulumi config set tenantId {TENANT} --stack dev\n"
        f"     pulumi config set subscriptionId {SUBSCRIPTION} --stack dev"
    ]


def test_a_missing_login_is_reported_in_azures_own_words(
    configure: Configure, azure: MockedAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(args: pulumi.runtime.MockCallArgs) -> dict[Any, Any]:
        raise RuntimeError(f"no login for {args.token}")

    monkeypatch.setattr(azure, "call", fail)
    configure({})
    with pytest.raises(WrongSubscription) as caught:
        stay_in_subscription(Settings())
    lines = str(caught.value).splitlines()
    assert lines[0] == "Azure did not say who is signed in; nothing was declared."
    assert "no login for azure-native:authorization:getClientConfig" in lines[1]
    assert lines[2] == "     next      az login"


def test_the_engine_prints_the_refusal_without_a_traceback() -> None:
    assert issubclass(WrongSubscription, pulumi.RunError)
