"""Pulumi property maps as they cross gRPC: an unknown is a sentinel in them, a secret an envelope.

Both stand-ins tell the engine that they do not accept secrets, as azure-native does: the engine then sends
plain values and marks again, by name, whatever was secret. Provider configuration is the exception.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, cast

from google.protobuf.struct_pb2 import Struct
from google.protobuf.struct_pb2 import Value as ProtoValue

PropertyMap = dict[str, Any]
"""A property map: JSON values and `UNKNOWN`."""


class Unknown(Enum):
    """The type of `UNKNOWN`, a value that is known only after an update. A copy of it is itself."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN

_UNKNOWN_SENTINEL: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


def decode(struct: Struct) -> PropertyMap:
    """A property map without nulls; whole numbers become ints, secrets and outputs are unwrapped."""
    return _decode_fields(struct)


def encode(properties: Mapping[str, Any]) -> Struct:
    """The struct that the engine reads; nulls are left out at the top and kept inside lists."""
    struct = Struct()
    for key, value in properties.items():
        if value is not None:
            struct.fields[key].CopyFrom(_encode_value(value))
    return struct


def as_object(value: Any) -> PropertyMap | None:
    """`value` when it is an object."""
    return cast(PropertyMap, value) if isinstance(value, dict) else None


def as_list(value: Any) -> list[Any] | None:
    """`value` when it is a list."""
    return cast(list[Any], value) if isinstance(value, list) else None


def contains_unknown(value: Any) -> bool:
    """True when `value` is unknown or holds something unknown at any depth."""
    if (fields := as_object(value)) is not None:
        return any(contains_unknown(item) for item in fields.values())
    if (items := as_list(value)) is not None:
        return any(contains_unknown(item) for item in items)
    return value is UNKNOWN


def _decode_fields(struct: Struct) -> PropertyMap:
    decoded = {key: _decode_value(value) for key, value in struct.fields.items()}
    return {key: value for key, value in decoded.items() if value is not None}


def _decode_value(value: ProtoValue) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        if _SIGNATURE in fields and fields[_SIGNATURE].string_value in (_SECRET, _OUTPUT):
            return _decode_value(fields["value"]) if "value" in fields else UNKNOWN
        return _decode_fields(value.struct_value)
    if kind == "list_value":
        return [_decode_value(item) for item in value.list_value.values]
    if kind == "string_value":
        return UNKNOWN if value.string_value == _UNKNOWN_SENTINEL else value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    return None


def _encode_value(value: Any) -> ProtoValue:
    if value is None:
        return ProtoValue(null_value=0)  # pyright: ignore[reportArgumentType]
    if value is UNKNOWN:
        return ProtoValue(string_value=_UNKNOWN_SENTINEL)
    if isinstance(value, bool):
        return ProtoValue(bool_value=value)
    if isinstance(value, int | float):
        return ProtoValue(number_value=value)
    if isinstance(value, str):
        return ProtoValue(string_value=value)
    proto = ProtoValue()
    if (fields := as_object(value)) is not None:
        proto.struct_value.CopyFrom(encode(fields))
    else:
        proto.list_value.SetInParent()
        proto.list_value.values.extend(_encode_value(item) for item in value)
    return proto
