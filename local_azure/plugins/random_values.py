"""The stand-in for random's plugin: values drawn once and kept in state, replaced when any input changes."""

# The names and parameters of a servicer's methods are gRPC's.
# ruff: noqa: N802

import base64
import secrets
import string
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2

from local_azure.plugins import difference
from local_azure.plugins.server import Context, StandIn, answer
from local_azure.plugins.wire import UNKNOWN, PropertyMap, decode, encode

_SPECIAL: Final = "!@#$%&*()-_=+[]{}<>:?"
_CLASSES: Final = {
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "numeric": string.digits,
    "special": _SPECIAL,
}


@dataclass(frozen=True)
class Kind:
    """A resource type: how its id and outputs are drawn, and which outputs only the draw knows."""

    draw: Callable[[PropertyMap], tuple[str, PropertyMap]]
    drawn: tuple[str, ...]
    defaults: PropertyMap


class RandomValues(StandIn):
    """Needs no configuration and no network."""

    def __init__(self) -> None:
        super().__init__("random", version("pulumi-random"))

    def Check(self, request: provider_pb2.CheckRequest, context: Context) -> provider_pb2.CheckResponse:
        def call() -> provider_pb2.CheckResponse:
            inputs, failures = decode(request.news), list[provider_pb2.CheckFailure]()
            if "length" in inputs and inputs["length"] is not UNKNOWN:
                failures = [provider_pb2.CheckFailure(reason=reason) for reason in _string_problems(inputs)]
            return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

        return answer(context, call)

    def Diff(self, request: provider_pb2.DiffRequest, context: Context) -> provider_pb2.DiffResponse:
        def call() -> provider_pb2.DiffResponse:
            old, new = decode(request.old_inputs), decode(request.news)
            changes = difference.detailed_diff(old, new, frozenset(old.keys() | new.keys()))
            return difference.diff_response(changes, delete_before_replace=False)

        return answer(context, call)

    def Create(self, request: provider_pb2.CreateRequest, context: Context) -> provider_pb2.CreateResponse:
        def call() -> provider_pb2.CreateResponse:
            kind = _kind(request.urn)
            known = _with_defaults(kind.defaults, decode(request.properties))
            if request.preview:
                unknown: PropertyMap = dict.fromkeys(kind.drawn, UNKNOWN)
                return provider_pb2.CreateResponse(properties=encode({**known, **unknown}))
            id_, drawn = kind.draw(known)
            return provider_pb2.CreateResponse(id=id_, properties=encode({**known, **drawn}))

        return answer(context, call)

    def Read(self, request: provider_pb2.ReadRequest, context: Context) -> provider_pb2.ReadResponse:
        def call() -> provider_pb2.ReadResponse:
            # A random value lives in the state alone: there is nothing that could have drifted.
            if not request.properties.fields:
                raise NotImplementedError("the stand-in for random cannot import a value")
            return provider_pb2.ReadResponse(
                id=request.id, properties=request.properties, inputs=request.inputs
            )

        return answer(context, call)

    def Delete(self, request: provider_pb2.DeleteRequest, context: Context) -> Empty:
        return Empty()


def _kind(urn: str) -> Kind:
    type_ = urn.split("::")[2].split("$")[-1]
    if type_ not in _KINDS:
        raise NotImplementedError(f"the stand-in for random does not know {type_!r}")
    return _KINDS[type_]


def _with_defaults(defaults: PropertyMap, inputs: PropertyMap) -> PropertyMap:
    """The inputs and what leaving out the others means; `number` is the older name of `numeric`."""
    older = {"numeric": inputs["number"]} if "number" in inputs else {}
    return {**defaults, **older, **inputs}


def _string_problems(inputs: PropertyMap) -> list[str]:
    wanted = _with_defaults(_STRING_DEFAULTS, inputs)
    least = sum(wanted[f"min{name.capitalize()}"] for name in _CLASSES)
    problems: list[str] = []
    if wanted["length"] < 1 or wanted["length"] < least:
        problems.append(
            f"length is {wanted['length']}, expected at least 1 and the sum of the minimums, {least}"
        )
    if not any(wanted[name] for name in _CLASSES):
        problems.append("lower, upper, numeric and special are all false, expected one of them to be true")
    return problems


def _draw_characters(inputs: PropertyMap) -> str:
    alphabets = {**_CLASSES, "special": inputs.get("overrideSpecial") or _SPECIAL}
    drawn = [
        secrets.choice(alphabet)
        for name, alphabet in alphabets.items()
        for _ in range(inputs[f"min{name.capitalize()}"])
    ]
    everything = "".join(alphabet for name, alphabet in alphabets.items() if inputs[name])
    drawn += [secrets.choice(everything) for _ in range(inputs["length"] - len(drawn))]
    secrets.SystemRandom().shuffle(drawn)
    return "".join(drawn)


def _string(inputs: PropertyMap) -> tuple[str, PropertyMap]:
    result = _draw_characters(inputs)
    return result, {"result": result}


def _password(inputs: PropertyMap) -> tuple[str, PropertyMap]:
    import bcrypt  # needed by this one type only

    result = _draw_characters(inputs)
    # bcrypt reads 72 bytes and no more.
    hashed = bcrypt.hashpw(result.encode()[:72], bcrypt.gensalt())
    return "none", {"result": result, "bcryptHash": hashed.decode()}


def _id(inputs: PropertyMap) -> tuple[str, PropertyMap]:
    drawn, prefix = secrets.token_bytes(inputs["byteLength"]), inputs.get("prefix", "")
    url = base64.urlsafe_b64encode(drawn).decode().rstrip("=")
    return url, {
        "b64Std": prefix + base64.b64encode(drawn).decode(),
        "b64Url": prefix + url,
        "dec": prefix + str(int.from_bytes(drawn, "big")),
        "hex": prefix + drawn.hex(),
    }


def _uuid(_: PropertyMap) -> tuple[str, PropertyMap]:
    result = str(uuid.uuid4())
    return result, {"result": result}


_STRING_DEFAULTS: Final[PropertyMap] = {
    **dict.fromkeys((*_CLASSES, "number"), True),
    **{f"min{name.capitalize()}": 0 for name in _CLASSES},
}
_KINDS: Final = {
    "random:index/randomId:RandomId": Kind(_id, ("b64Std", "b64Url", "dec", "hex"), {}),
    "random:index/randomPassword:RandomPassword": Kind(_password, ("result", "bcryptHash"), _STRING_DEFAULTS),
    "random:index/randomString:RandomString": Kind(_string, ("result",), _STRING_DEFAULTS),
    "random:index/randomUuid:RandomUuid": Kind(_uuid, ("result",), {}),
}
