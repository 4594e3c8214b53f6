"""The stand-in for azure-native's plugin: the real one's behaviour, for the types in `table.py`."""

# The names and parameters of a servicer's methods are gRPC's.
# ruff: noqa: N802

import hashlib
import os
import secrets
import uuid
from collections.abc import Mapping
from importlib.metadata import version

import httpx
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2

from local_azure.plugins import difference, shape
from local_azure.plugins.arm_client import ArmClient
from local_azure.plugins.configuration import client_config, credentials
from local_azure.plugins.resources import Resources
from local_azure.plugins.row import Row
from local_azure.plugins.server import Context, StandIn, answer
from local_azure.plugins.table import ROWS
from local_azure.plugins.wire import UNKNOWN, PropertyMap, decode, encode

_CREATE_BEFORE_DELETE = "__createBeforeDelete"
_STABLE_OUTPUTS = ("name", "location")


class AzureNative(StandIn):
    """One configured provider. `transport` replaces the network in tests."""

    def __init__(
        self, transport: httpx.BaseTransport | None = None, environment: Mapping[str, str] = os.environ
    ) -> None:
        super().__init__("azure-native", version("pulumi-azure-native"))
        self._transport = transport
        self._environment = environment
        self._configuration: dict[str, str] = {}
        self._made: Resources | None = None

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Context
    ) -> provider_pb2.ConfigureResponse:
        prefix = f"{self.name}:config:"
        self._configuration = {key.removeprefix(prefix): value for key, value in request.variables.items()}
        return super().Configure(request, context)

    def cancel(self) -> None:
        if self._made:
            self._made.client.cancel()

    def Invoke(self, request: provider_pb2.InvokeRequest, context: Context) -> provider_pb2.InvokeResponse:
        def call() -> provider_pb2.InvokeResponse:
            if request.tok != "azure-native:authorization:getClientConfig":
                raise NotImplementedError(f"the stand-in for azure-native has no function {request.tok!r}")
            result = client_config(self._resources().client)
            response = provider_pb2.InvokeResponse()
            # The field is called `return`, which is no name in Python.
            getattr(response, "return").CopyFrom(encode(result))
            return response

        return answer(context, call)

    def Check(self, request: provider_pb2.CheckRequest, context: Context) -> provider_pb2.CheckResponse:
        def call() -> provider_pb2.CheckResponse:
            row, olds, news = _row(request.urn), decode(request.olds), decode(request.news)
            self._name(row, request, olds, news)
            if row.has_location and "location" not in news:
                location = olds.get("location") or self._default_location(news)
                if location is not None:
                    news["location"] = location
            news.setdefault("azureApiVersion", row.api_version)
            missing = sorted((row.required | set(row.parameters)) - news.keys())
            reasons = [f"missing required property '{name}'" for name in missing]
            failures = [provider_pb2.CheckFailure(reason=reason) for reason in reasons]
            return provider_pb2.CheckResponse(inputs=encode(news), failures=failures)

        return answer(context, call)

    def Diff(self, request: provider_pb2.DiffRequest, context: Context) -> provider_pb2.DiffResponse:
        def call() -> provider_pb2.DiffResponse:
            row, old, new = _row(request.urn), decode(request.old_inputs), decode(request.news)
            state = decode(request.olds)
            old.setdefault("azureApiVersion", state.get("azureApiVersion"))
            changes = difference.detailed_diff(old, new, row.replace_keys)
            # An input that now says what Azure has chosen before is no reason to replace.
            for name in row.replace_keys & changes.keys():
                if name not in old and name in state and state[name] == new.get(name):
                    changes[name] = provider_pb2.PropertyDiff.ADD
            keeps_both = bool(old.get(_CREATE_BEFORE_DELETE))
            return difference.diff_response(changes, delete_before_replace=not keeps_both)

        return answer(context, call)

    def Create(self, request: provider_pb2.CreateRequest, context: Context) -> provider_pb2.CreateResponse:
        def call() -> provider_pb2.CreateResponse:
            row, inputs = _row(request.urn), decode(request.properties)
            if request.preview:
                return provider_pb2.CreateResponse(properties=encode(shape.preview_outputs(row, inputs)))
            id_, outputs = self._resources().create(row, inputs, request.timeout)
            return provider_pb2.CreateResponse(id=id_, properties=encode(outputs))

        return answer(context, call)

    def Read(self, request: provider_pb2.ReadRequest, context: Context) -> provider_pb2.ReadResponse:
        def call() -> provider_pb2.ReadResponse:
            row = _row(request.urn)
            outputs = self._resources().read(row, request.id)
            if outputs is None:
                return provider_pb2.ReadResponse()
            if request.HasField("inputs"):
                before = shape.input_projection(row, decode(request.properties))
                after = shape.input_projection(row, outputs)
                given = decode(request.inputs)
                inputs = difference.carry_over(given, before, after)
                for name in row.own_resources - given.keys():
                    inputs.pop(name, None)
            else:
                inputs = {**shape.path_parameters(row, request.id), **shape.input_projection(row, outputs)}
            return provider_pb2.ReadResponse(id=request.id, properties=encode(outputs), inputs=encode(inputs))

        return answer(context, call)

    def Update(self, request: provider_pb2.UpdateRequest, context: Context) -> provider_pb2.UpdateResponse:
        def call() -> provider_pb2.UpdateResponse:
            row, inputs = _row(request.urn), decode(request.news)
            if request.preview:
                olds = decode(request.olds)
                stable = {name: olds[name] for name in _STABLE_OUTPUTS if name in olds}
                outputs = {**shape.preview_outputs(row, inputs), **stable}
            else:
                outputs = self._resources().update(row, request.id, inputs, request.timeout)
            return provider_pb2.UpdateResponse(properties=encode(outputs))

        return answer(context, call)

    def Delete(self, request: provider_pb2.DeleteRequest, context: Context) -> Empty:
        def call() -> Empty:
            self._resources().delete(_row(request.urn), request.id, request.timeout)
            return Empty()

        return answer(context, call)

    def _resources(self) -> Resources:
        """The connection is made when it is first needed: a preview of creations asks Azure nothing."""
        if self._made is None:
            found = credentials(self._configuration, self._environment)
            self._made = Resources(ArmClient(found, self._transport))
        return self._made

    def _default_location(self, news: PropertyMap) -> object:
        """The configured location, or else the resource group's; unknown as long as the group is."""
        group = news.get("resourceGroupName")
        if "location" in self._configuration:
            return self._configuration["location"]
        if group is None or group is UNKNOWN:
            return group
        return self._resources().group_location(group)

    def _name(
        self, row: Row, request: provider_pb2.CheckRequest, olds: PropertyMap, news: PropertyMap
    ) -> None:
        """Fill in a name that was left out: the old one, or the resource's own with a random suffix."""
        parameter = row.parameters[-1]
        if row.autoname is None or parameter in news:
            return
        mode = provider_pb2.CheckRequest.AutonamingOptions
        asked = request.autonaming if request.HasField("autonaming") else None
        if parameter in olds:
            news[parameter] = olds[parameter]
            random = bool(olds.get(_CREATE_BEFORE_DELETE))
        elif asked and asked.mode == mode.DISABLE:
            return
        else:
            random = True
            if asked and (asked.mode == mode.ENFORCE or row.autoname == "hex"):
                news[parameter] = asked.proposed_name
            elif row.autoname == "uuid":
                news[parameter] = str(uuid.UUID(_random_hex(request, 32)))
            else:
                news[parameter] = request.urn.split("::")[-1] + _random_hex(request, 8)
        if random:
            news[_CREATE_BEFORE_DELETE] = True


def _row(urn: str) -> Row:
    type_ = urn.split("::")[2].split("$")[-1]
    if type_ not in ROWS:
        raise NotImplementedError(
            f"the stand-in for azure-native does not know {type_!r}: local_azure/plugins/rows/ needs a row"
        )
    return ROWS[type_]


def _random_hex(request: provider_pb2.CheckRequest, digits: int) -> str:
    """Drawn from the engine's seed where it gives one, so that a plan and its update agree."""
    seed = request.randomSeed or secrets.token_bytes(32)
    return hashlib.sha256(seed + request.urn.encode()).hexdigest()[:digits]
