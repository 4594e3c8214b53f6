"""A deployment without an engine: what components register, with parents, dependencies and options, and an
Azure that answers as the provider does in a first preview, in a later preview, and in an update.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, rpc, set_mocks
from pulumi.runtime.mocks import MockMonitor

Mode = Literal["up", "first preview", "later preview"]

SUBSCRIPTION = "5ab5c000-0000-4000-8000-000000000001"
TENANT = "7e4a4700-0000-4000-8000-000000000001"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-team"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-team"
PLAN = f"{GROUP}/providers/Microsoft.Web/serverfarms/asp-team"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-team"
ENDPOINT = "https://kv-team.vault.azure.net/"
PRINCIPAL, CLIENT = "0b1ec700-0000-4000-8000-00000000000a", "c11e4700-0000-4000-8000-00000000000a"
SYSTEM_PRINCIPAL = "0b1ec700-0000-4000-8000-00000000005a"
PEOPLE = "0b1ec700-0000-4000-8000-0000000000f1"
SUFFIX = "abc123"

UNKNOWN = "(known after up)"
_TYPES = {
    "keyvault:Vault": ("Microsoft.KeyVault/vaults", "vaultName"),
    "managedidentity:UserAssignedIdentity": (
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        "resourceName",
    ),
    "web:AppServicePlan": ("Microsoft.Web/serverfarms", "name"),
    "web:WebApp": ("Microsoft.Web/sites", "name"),
}


@dataclass(frozen=True)
class Later:
    """A value that a test gives as an Output, which has to be made inside the program."""

    value: Any


def with_outputs(value: Any) -> Any:
    """A component's arguments, every Later in them made an Output."""
    if isinstance(value, Later):
        return pulumi.Output.from_input(value.value)
    if isinstance(value, dict):
        return {key: with_outputs(item) for key, item in cast(dict[str, Any], value).items()}
    return value


@dataclass(frozen=True)
class Recorded:
    """One registered resource. Values that a preview does not know are UNKNOWN."""

    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    parent: str
    dependencies: frozenset[str]
    property_dependencies: Mapping[str, frozenset[str]]
    ignore_changes: tuple[str, ...]
    delete_before_replace: bool
    provider: str
    protect: bool
    is_read: bool = False


class _Azure(Mocks):
    """Answers in Azure's shapes. A preview knows the inputs only, and of what exists the id and the name."""

    def __init__(self, mode: Mode, keepers: Mapping[str, str] | None) -> None:
        self.mode, self.keepers = mode, keepers
        self.calls: list[str] = []

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        self.calls.append(args.token)
        assert args.token == "azure-native:authorization:getClientConfig", args.token
        return {"tenantId": TENANT, "subscriptionId": SUBSCRIPTION, "clientId": "", "objectId": ""}, []

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        kind = args.typ.removeprefix("azure-native:")
        state: dict[str, Any] = dict(cast(dict[str, Any], args.inputs))  # pyright: ignore[reportUnknownMemberType]
        if kind == "web:WebApp":
            state["identity"] = _as_answered(state["identity"])
        if args.typ == "random:index/randomString:RandomString":
            if self.mode == "first preview":
                return "", state
            return SUFFIX, {**state, "result": SUFFIX, **({"keepers": self.keepers} if self.keepers else {})}
        if not args.typ.startswith("azure-native:"):
            return "", state
        read = bool(args.resource_id)
        if self.mode == "first preview" and not read:
            return "", state
        id = args.resource_id or self._id(kind, args.name, state)
        state["name"] = id.split("/")[-1]
        if self.mode == "up" or read:
            state.update(_added(kind, state))
        return id, state

    def _id(self, kind: str, name: str, state: Mapping[str, Any]) -> str:
        type_, key = _TYPES.get(kind, ("", ""))
        if type_:
            return f"{GROUP.rsplit('/', 1)[0]}/{state['resourceGroupName']}/providers/{type_}/{state[key]}"
        if kind == "resources:ResourceGroup":
            return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{state['resourceGroupName']}"
        if kind == "authorization:RoleAssignment":
            assignment = state.get("roleAssignmentName") or name
            return f"{state['scope']}/providers/Microsoft.Authorization/roleAssignments/{assignment}"
        return f"{GROUP}/providers/{kind}/{name}"


def _as_answered(identity: Mapping[str, Any]) -> dict[str, Any]:
    """A site's identities go in as a list and come out as a map; an unknown one is in neither."""
    answer = dict(identity)
    if "userAssignedIdentities" in answer:
        known = [id for id in answer["userAssignedIdentities"] if isinstance(id, str)]
        answer["userAssignedIdentities"] = {
            id: {"principalId": PRINCIPAL, "clientId": CLIENT} for id in known
        }
    return answer


def _added(kind: str, state: Mapping[str, Any]) -> dict[str, Any]:
    """What Azure itself adds to an answer."""
    if kind == "keyvault:Vault":
        uri = f"https://{state['name']}.vault.azure.net/"
        return {"properties": {**state.get("properties", {}), "vaultUri": uri}}
    if kind == "managedidentity:UserAssignedIdentity":
        return {"principalId": PRINCIPAL, "clientId": CLIENT, "tenantId": TENANT}
    if kind == "web:WebApp":
        identity = dict(state["identity"])
        if identity["type"] == "SystemAssigned":
            identity["principalId"] = SYSTEM_PRINCIPAL
        return {
            "identity": identity,
            "defaultHostName": f"{state['name']}-hash.westeurope-01.azurewebsites.net",
        }
    return {}


class _Recorder(MockMonitor):
    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.recorded: list[Recorded] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        response = super().RegisterResource(request)  # pyright: ignore[reportUnknownMemberType]
        if request.type != "pulumi:pulumi:Stack":
            dependencies = {k: frozenset(v.urns) for k, v in request.propertyDependencies.items()}
            recorded = Recorded(
                type=request.type,
                name=request.name,
                urn=response.urn,
                inputs=_read(request.object),
                parent=request.parent,
                dependencies=frozenset(request.dependencies),
                property_dependencies=dependencies,
                ignore_changes=tuple(request.ignoreChanges),
                delete_before_replace=request.deleteBeforeReplace,
                provider=request.provider,
                protect=request.protect,
            )
            self.recorded.append(recorded)
        return response

    def ReadResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        response = super().ReadResource(request)  # pyright: ignore[reportUnknownMemberType]
        inputs = {**_read(request.properties), "id": request.id}
        read = Recorded(
            type=request.type,
            name=request.name,
            urn=response.urn,
            inputs=inputs,
            parent=request.parent,
            dependencies=frozenset(request.dependencies),
            property_dependencies={},
            ignore_changes=(),
            delete_before_replace=False,
            provider=request.provider,
            protect=False,
            is_read=True,
        )
        self.recorded.append(read)
        return response


def _read(properties: Any) -> dict[str, Any]:
    return cast(dict[str, Any], _mark_unknown(rpc.deserialize_properties(properties, keep_unknowns=True)))


def _mark_unknown(value: Any) -> Any:
    if isinstance(value, pulumi.output.Unknown):
        return UNKNOWN
    if isinstance(value, dict):
        return {key: _mark_unknown(item) for key, item in cast(dict[str, Any], value).items()}
    if isinstance(value, list):
        return [_mark_unknown(item) for item in cast(list[Any], value)]
    return value


@dataclass
class Deployment:
    """What a program declared, and what its outputs became."""

    resources: list[Recorded]
    outputs: dict[str, Any]
    calls: list[str] = field(default_factory=list[str])

    def all(self, type_: str) -> list[Recorded]:
        """Resources of a type, given by the end of its token, such as `web:WebApp`."""
        return [r for r in self.resources if r.type.endswith(f":{type_}")]

    def one(self, type_: str) -> Recorded:
        found = self.all(type_)
        assert len(found) == 1, f"{len(found)} of {type_}: {[r.name for r in found]}"
        return found[0]

    def counts(self) -> dict[str, int]:
        """How many resources of each type of Azure's, and nothing else."""
        types = [
            r.type.removeprefix("azure-native:") for r in self.resources if r.type.startswith("azure-native:")
        ]
        return {type_: types.count(type_) for type_ in sorted(types)}

    def waits_for(self, later: Recorded, earlier: Recorded) -> bool:
        """Whether one resource depends on another, directly or through others."""
        by_urn = {r.urn: r for r in self.resources}
        open_, seen = set(later.dependencies), set[str]()
        while open_:
            urn = open_.pop()
            if urn == earlier.urn:
                return True
            if urn not in seen and urn in by_urn:
                seen.add(urn)
                open_ |= by_urn[urn].dependencies
        return False


def deploy(
    program: Callable[[], Mapping[str, Any] | pulumi.Resource],
    mode: Mode = "up",
    *,
    stack: str = "dev",
    keepers: Mapping[str, str] | None = None,
) -> Deployment:
    """Run a program that returns its outputs, or a component whose outputs are then taken.

    `keepers` is what the state says the suffix was made with. An output that is not known yet is UNKNOWN.
    """
    loop = asyncio.new_event_loop()
    # A refusal reaches the test through `run`; what else waited for the refused value need not repeat it.
    loop.set_exception_handler(lambda _, __: None)
    asyncio.set_event_loop(loop)
    azure = _Azure(mode, keepers)
    monitor = _Recorder(azure)
    set_mocks(azure, project="shop", stack=stack, preview=mode != "up", monitor=monitor)
    outputs: dict[str, Any] = {}

    @pulumi.runtime.test  # pyright: ignore[reportUnknownMemberType]
    def run() -> pulumi.Output[None]:
        returned = program()
        declared = _outputs_of(returned) if isinstance(returned, pulumi.Resource) else returned

        async def gather() -> None:
            for key, value in declared.items():
                output: pulumi.Output[Any] = pulumi.Output.from_input(value)
                outputs[key] = await output.future() if await output.is_known() else UNKNOWN

        return pulumi.Output.from_input(asyncio.ensure_future(gather()))

    try:
        run()
    finally:
        waiting = asyncio.all_tasks(loop)
        for task in waiting:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
        loop.close()
        asyncio.set_event_loop(asyncio.new_event_loop())
    return Deployment(monitor.recorded, outputs, azure.calls)


def _outputs_of(component: pulumi.Resource) -> dict[str, Any]:
    return {key: getattr(component, key) for key in type(component).__annotations__}
