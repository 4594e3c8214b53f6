"""What components register, as the template that Azure Resource Manager and its scanners read."""

from collections.abc import Iterable
from typing import Any, Final, cast

from components.azure_facts.encoded_documents import written_in
from components.azure_facts.value_places import value_places
from local_azure.plugins.table import ROWS
from tests.azure_models.models_of_types import body_of
from tests.unit.components.recorder import Recorded

SCHEMA: Final = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def template(registered: Iterable[Recorded]) -> dict[str, Any]:
    """A template of all that is Azure's among the resources, and that is created."""
    written = [one for one in registered if one.type.startswith("azure-native:") and not one.is_read]
    resources = [_resource(one) for one in written]
    resources += [_configuration(one) for one in resources if "siteConfig" in one.get("properties", {})]
    return {"$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": resources}


def _configuration(site: dict[str, Any]) -> dict[str, Any]:
    """What a site brings along and Azure keeps in `config/web`, where half of the checks look for it."""
    return {
        "type": f"{site['type']}/config",
        "apiVersion": site["apiVersion"],
        "name": f"{site['name']}/web",
        "properties": site["properties"]["siteConfig"],
    }


def _resource(one: Recorded) -> dict[str, Any]:
    row = ROWS[one.type]
    type_, name = type_and_name(row.path, one.inputs)
    body = _in_clear(body_of(one.type, one.inputs), _encoded(one.type))
    return {"type": type_, "apiVersion": row.api_version, "name": name, **body}


def _encoded(type: str) -> set[str]:
    """The properties that are a document in Base64."""
    places = value_places(type.removeprefix("azure-native:"))
    return {place.at.rpartition(".")[2] for place in places if place.is_base64}


def _in_clear(body: Any, encoded: set[str]) -> Any:
    """With what was written before it was encoded: in Base64 a scanner finds nothing, and searches long."""
    if isinstance(body, list):
        return [_in_clear(item, encoded) for item in cast(list[Any], body)]
    if not isinstance(body, dict):
        return body
    return {
        key: written_in(value) if key in encoded and isinstance(value, str) else _in_clear(value, encoded)
        for key, value in cast(dict[str, Any], body).items()
    }


def type_and_name(path: str, inputs: Any) -> tuple[str, str]:
    """`Microsoft.Web/sites/config` and `app-shop/web`, from the path of a resource and its inputs."""
    provider, _, rest = path.rpartition("/providers/")[-1].partition("/")
    if "/providers/" not in path:
        return "Microsoft.Resources/resourceGroups", _given("{resourceGroupName}", inputs)
    segments = rest.split("/")
    names = [_given(segment, inputs) for segment in segments[1::2]]
    return "/".join([provider, *segments[::2]]), "/".join(names)


def _given(segment: str, inputs: Any) -> str:
    key = segment.strip("{}")
    return str(inputs.get(key, f"a-{key}")) if segment.startswith("{") else segment
