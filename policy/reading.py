"""From what the engine gives a policy to resources that the rules and the access report read alike."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from pulumi_policy import PolicyResource, ResourceValidationArgs
from pulumi_policy.proxy import UnknownValueError

from access_report.resources import UNKNOWN, Resource, Snapshot, Values
from policy.kept import with_marks
from policy.mentioned_ids import with_ids


def resource_of(args: ResourceValidationArgs) -> Resource:
    return Resource(args.urn, args.resource_type, inputs=with_marks(args.urn, values(args.props)))


def snapshot_of(resources: Iterable[PolicyResource], inputs: Mapping[str, Values]) -> Snapshot:
    """All of a stack. The engine tells what Azure answered, `inputs` by URN what the program said, which
    Azure does not repeat in every answer.
    """
    return with_ids({one.urn: _resource(one, inputs.get(one.urn)) for one in resources})


def _resource(given: PolicyResource, inputs: Values | None) -> Resource:
    read = {key: value for key, value in values(given.props).items() if not _only_answered(given, key, value)}
    id = read.get("id")
    return Resource(
        urn=given.urn,
        type=given.resource_type,
        id=str(id or "") if id != UNKNOWN else "",
        parent=given.parent.urn if given.parent is not None else "",
        inputs=read if inputs is None else inputs,
        outputs=read,
        follows={key: [one.urn for one in ones] for key, ones in given.property_dependencies.items()},
    )


def _only_answered(given: PolicyResource, key: str, value: Any) -> bool:
    """Whether Azure alone will say it: what a program gives and nobody knows yet is made from something."""
    return value == UNKNOWN and not given.property_dependencies.get(key)


def values(props: Mapping[str, Any]) -> dict[str, Any]:
    """All properties; what a preview does not know is UNKNOWN, where a policy would be skipped for asking."""
    return {key: _at(props, key) for key in props}


def _at(holder: Any, key: Any) -> Any:
    try:
        value = holder[key]
    except UnknownValueError:
        return UNKNOWN
    if isinstance(value, Mapping):
        return values(cast(Mapping[str, Any], value))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_at(value, index) for index in range(len(cast(Sequence[Any], value)))]
    return value


def at(resource: Resource, path: str) -> Any:
    """A property by its path of names with dots: UNKNOWN where it or what holds it is not known yet, None
    where it is not given.
    """
    return _in(resource.inputs, path)


def answered(resource: Resource, path: str) -> Any:
    """A property that Azure says, such as a client id."""
    return _in(resource.outputs or resource.inputs, path)


def _in(values: Values, path: str) -> Any:
    found: Any = values
    for name in path.split("."):
        if found == UNKNOWN:
            return UNKNOWN
        if not isinstance(found, Mapping):
            return None
        found = cast(Mapping[str, Any], found).get(name)
    return found


def truth(value: Any) -> bool:
    """Whether a switch is on, however it is spelt."""
    return str(value).lower() == "true"
