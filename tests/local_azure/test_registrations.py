"""Namespaces that a subscription is registered for, as azure-mgmt-resource registers them (G1)."""

import uuid
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, ContentDecodePolicy
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.authorization.built_in_roles import BUILT_IN_ROLES, role_definition_id
from local_azure.constants import DEPLOYER, DEVELOPER, SUBSCRIPTION_ID, SUBSCRIPTION_SCOPE
from local_azure.server import LocalAzure
from tests.local_azure.scene import Scene, TokenOf

ARM = "https://management.azure.com"
NAMESPACE = "Microsoft.ManagedIdentity"


def _code(error: pytest.ExceptionInfo[HttpResponseError]) -> tuple[int | None, str | None]:
    assert error.value.error is not None
    return error.value.status_code, error.value.error.code


def test_an_unregistered_namespace_creates_nothing_until_it_is_registered(local_azure: LocalAzure) -> None:
    scene = Scene(local_azure)
    credential: Any = TokenOf(scene.azure, DEPLOYER.object_id)
    providers: Any = ResourceManagementClient(credential, SUBSCRIPTION_ID).providers
    identities: Any = ManagedServiceIdentityClient(
        credential,
        SUBSCRIPTION_ID,
        policies=[
            ContentDecodePolicy(),
            BearerTokenCredentialPolicy(credential, f"{ARM}/.default"),
        ],  # without the one that registers
    ).user_assigned_identities
    assert providers.get(NAMESPACE).registration_state == "Registered"
    assert providers.unregister(NAMESPACE).registration_state == "Unregistered"

    with pytest.raises(HttpResponseError) as error:
        identities.create_or_update("rg-one", "id-one", {"location": "westeurope"})
    assert _code(error) == (409, "MissingSubscriptionRegistration")
    assert f"not registered to use namespace '{NAMESPACE}'" in str(error.value)
    assert [one.name for one in identities.list_by_resource_group("rg-one")] == []

    assert providers.register(NAMESPACE).registration_state == "Registered"
    made = identities.create_or_update("rg-one", "id-one", {"location": "westeurope"})
    assert made.name == "id-one"


def test_microsofts_clients_register_a_namespace_by_themselves(local_azure: LocalAzure) -> None:
    scene = Scene(local_azure)
    credential: Any = TokenOf(scene.azure, DEPLOYER.object_id)
    providers: Any = ResourceManagementClient(credential, SUBSCRIPTION_ID).providers
    identities: Any = ManagedServiceIdentityClient(credential, SUBSCRIPTION_ID).user_assigned_identities
    assert providers.unregister(NAMESPACE).registration_state == "Unregistered"
    assert identities.create_or_update("rg-one", "id-one", {"location": "westeurope"}).name == "id-one"
    assert providers.get(NAMESPACE).registration_state == "Registered"


def test_who_may_not_register_is_told_the_action(local_azure: LocalAzure) -> None:
    scene = Scene(local_azure)
    administrator: Any = AuthorizationManagementClient(
        TokenOf(scene.azure, DEPLOYER.object_id), SUBSCRIPTION_ID
    ).role_assignments
    reader = next(role.id for role in BUILT_IN_ROLES if role.name == "Reader")
    properties = {
        "principalId": DEVELOPER.object_id,
        "principalType": "User",
        "roleDefinitionId": role_definition_id(reader),
    }
    administrator.create(SUBSCRIPTION_SCOPE, str(uuid.uuid4()), {"properties": properties})
    providers: Any = ResourceManagementClient(
        TokenOf(scene.azure, DEVELOPER.object_id), SUBSCRIPTION_ID
    ).providers
    for attempt, action in ((providers.register, "register"), (providers.unregister, "unregister")):
        with pytest.raises(HttpResponseError) as error:
            attempt(NAMESPACE)
        assert _code(error) == (403, "AuthorizationFailed")
        assert f"'{NAMESPACE}/{action}/action'" in str(error.value)
    assert providers.get(NAMESPACE).registration_state == "Registered"
