"""The engine's part in a unit test: configuration merged as the command line does it, and a mocked Azure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import yaml
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks

ROOT = Path(__file__).parents[3]
PROJECT: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
DECLARED: dict[str, dict[str, Any]] = PROJECT["config"]
SIGNED_IN = {
    "tenantId": "11111111-1111-4111-8111-111111111111",
    "subscriptionId": "22222222-2222-4222-8222-222222222222",
}
GROUP_ID = f"/subscriptions/{SIGNED_IN['subscriptionId']}/resourceGroups/rg-mocked"
IDENTITY_PRINCIPAL = "44444444-4444-4444-8444-444444444444"
IDENTITY_CLIENT = "55555555-5555-4555-8555-555555555555"
SITE_PRINCIPAL = "66666666-6666-4666-8666-666666666666"


def stack_file(stack: str) -> dict[str, Any]:
    """The configuration in Pulumi.<stack>.yaml, without the project's prefix."""
    document = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())
    return {key.removeprefix("keyless:"): value for key, value in document["config"].items()}


class Configure(Protocol):
    """Gives the running stack a configuration: the declared defaults, and these values."""

    def __call__(
        self,
        values: Mapping[str, Any],
        stack: str = "dev",
        secret_keys: tuple[str, ...] = (),
        preview: bool = False,
    ) -> None: ...


@dataclass(frozen=True)
class Declared:
    """A resource as the program declared it; `provider` is the name of the provider that serves it."""

    type: str
    name: str
    inputs: dict[str, Any]
    provider: str


class MockedAzure(Mocks):
    """An Azure that accepts all and answers with what only Azure knows."""

    def __init__(self) -> None:
        self.declared: list[Declared] = []

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        inputs = cast(dict[str, Any], args.inputs)  # pyright: ignore[reportUnknownMemberType]
        provider = (args.provider or "").rpartition("::")[0].rpartition("::")[2]
        self.declared.append(Declared(args.typ, args.name, inputs, provider))
        answer = ANSWERS.get(args.typ)
        if answer is None:
            return f"{args.name}-id", inputs
        name, outputs = answer(inputs)
        return args.resource_id or _id(args.typ, name), {**inputs, "name": name, **outputs}

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        assert args.token == "azure-native:authorization:getClientConfig"
        return {"clientId": "", "objectId": "", **SIGNED_IN}, []

    def of(self, type_: str) -> list[Declared]:
        """What was declared of a type, such as `web:WebApp`."""
        return [resource for resource in self.declared if resource.type == f"azure-native:{type_}"]

    def one(self, type_: str) -> dict[str, Any]:
        """The inputs of the only resource of a type."""
        (resource,) = self.of(type_)
        return resource.inputs


def _site(inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    identity: dict[str, Any] = dict(inputs["identity"])
    if identity["type"] == "SystemAssigned":
        identity["principalId"] = SITE_PRINCIPAL
    # Azure takes a list of ids and answers with a map.
    identity["userAssignedIdentities"] = {key: {} for key in identity.get("userAssignedIdentities", [])}
    return inputs["name"], {"defaultHostName": f"{inputs['name']}.azurewebsites.net", "identity": identity}


def _vault(inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    name = inputs["vaultName"]
    return name, {"properties": {**inputs["properties"], "vaultUri": f"https://{name}.vault.azure.net/"}}


Answer = Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]
ANSWERS: dict[str, Answer] = {
    "azure-native:authorization:RoleAssignment": lambda inputs: (inputs["roleAssignmentName"], {}),
    "azure-native:keyvault:Vault": _vault,
    "azure-native:managedidentity:UserAssignedIdentity": lambda inputs: (
        inputs.get("resourceName", "id-team"),
        {"principalId": IDENTITY_PRINCIPAL, "clientId": IDENTITY_CLIENT},
    ),
    "azure-native:resources:ResourceGroup": lambda inputs: (inputs["resourceGroupName"], {}),
    "azure-native:web:AppServicePlan": lambda inputs: (inputs["name"], {}),
    "azure-native:web:WebApp": _site,
    "random:index/randomString:RandomString": lambda inputs: ("", {"result": "abc123", **inputs}),
}
ARM_TYPES = {
    "azure-native:keyvault:Vault": "Microsoft.KeyVault/vaults",
    "azure-native:managedidentity:UserAssignedIdentity": "Microsoft.ManagedIdentity/userAssignedIdentities",
    "azure-native:web:AppServicePlan": "Microsoft.Web/serverfarms",
    "azure-native:web:WebApp": "Microsoft.Web/sites",
}


def _id(type_: str, name: str) -> str:
    arm_type = ARM_TYPES.get(type_)
    return f"{GROUP_ID}/providers/{arm_type}/{name}" if arm_type else f"{type_}/{name}"
