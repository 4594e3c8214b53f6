"""The engine's part in a unit test: configuration merged as the command line does it, and a mocked Azure."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, cast

import pulumi
import yaml
from pulumi.runtime import MockCallArgs, MockResourceArgs

ROOT = Path(__file__).parents[3]
PROJECT: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
DECLARED: dict[str, dict[str, Any]] = PROJECT["config"]
SIGNED_IN = {
    "tenantId": "11111111-1111-4111-8111-111111111111",
    "subscriptionId": "22222222-2222-4222-8222-222222222222",
}


def stack_file(stack: str) -> dict[str, Any]:
    """The configuration in Pulumi.<stack>.yaml, without the project's prefix."""
    document = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())
    return {key.removeprefix("keyless:"): value for key, value in document["config"].items()}


class Configure(Protocol):
    """Gives the running stack a configuration: the declared defaults, and these values."""

    def __call__(
        self, values: Mapping[str, Any], stack: str = "dev", secret_keys: tuple[str, ...] = ()
    ) -> None: ...


class ClientConfig(pulumi.runtime.Mocks):
    """An Azure that only knows who is signed in."""

    def __init__(self) -> None:
        self.declared: list[str] = []

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        self.declared.append(args.typ)
        return f"{args.name}-id", cast(dict[Any, Any], args.inputs)  # pyright: ignore[reportUnknownMemberType]

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        assert args.token == "azure-native:authorization:getClientConfig"
        return {"clientId": "", "objectId": "", **SIGNED_IN}, []
