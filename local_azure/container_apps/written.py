"""What a write of an app or a job reads with an identity: its secrets and its image. Both have to be there
then.

https://learn.microsoft.com/azure/container-apps/manage-secrets#reference-secret-from-key-vault
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from components.azure_facts.audiences import Service, audience
from local_azure.app_service.attached_identities import attached_identities, caller_of
from local_azure.bodies import items, properties_of, section
from local_azure.container_apps.names import ENVIRONMENTS
from local_azure.containers.image import Image
from local_azure.containers.pulling import pull
from local_azure.containers.refusals import ImageError
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal, not_served
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.key_vault.access import AUDIENCE
from local_azure.key_vault.data import KeyVaultData
from local_azure.origins import Origin
from local_azure.rules import Rule
from local_azure.store import Resource

_ARM: Final = audience(Service.RESOURCE_MANAGER)
_SECRET_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_URL: Final = re.compile(r"https://([^/]+)/secrets/([0-9A-Za-z-]+)(?:/([0-9A-Za-z]+))?/?", re.IGNORECASE)
_SYSTEM: Final = "system"
_STEP: Final = 0.25
_MOST: Final = 4.0
_INVALID: Final = "InvalidParameterValueInContainerTemplate"

RULES: Final = [
    Rule(
        "CA2",
        "refusal",
        "A secret of a vault is read with its identity when the app is written: 400 "
        "InvalidParameterValueInContainerTemplate, Unable to get value using Managed identity.",
        held_by="ca2_a_secret_that_cannot_be_read_refuses_the_write_until_it_can",
        source="microsoft/azure-container-apps#1174 microsoft/azure-container-apps#739",
    ),
    Rule(
        "CA2",
        "refusal",
        "So it is with a new app's own identity, which nobody can have let in.",
        held_by="ca2_a_new_apps_own_identity_reads_no_secret",
        source="microsoft/azure-container-apps#1174",
    ),
    Rule(
        "CA2",
        "assumed",
        "A vault that lets in single networks lets in the environment's subnet, or the write is refused.",
        held_by="ca2_a_closed_vault_lets_in_the_subnet_of_the_environment",
        source="microsoft/azure-container-apps#739",
    ),
    Rule(
        "CA3",
        "refusal",
        "The image of an app is pulled with the registry's identity once its write was taken: where it "
        "cannot be, the operation ends as ContainerAppOperationError, unable to pull image using Managed "
        "identity, and the app is there, in state Failed, until a write can pull.",
        held_by="ca3_an_app_whose_image_cannot_be_pulled_is_left_as_failed_until_a_write_can",
        source="microsoft/azure-container-apps#1061 microsoft/azure-container-apps#646 "
        "hashicorp/terraform-provider-azurerm#29228",
    ),
    Rule(
        "CA3",
        "assumed",
        "The image of a job is pulled when the job is written: 400 InvalidParameterValueInContainerTemplate.",
        held_by="ca3_a_job_whose_image_cannot_be_pulled_is_refused",
        source="https://learn.microsoft.com/azure/container-apps/managed-identity-image-pull",
    ),
    Rule(
        "CA4",
        "assumed",
        "Environment, identities and secrets that a body names exist, its names are possible ones, and its "
        "processors come with their memory: 400.",
        held_by="ca4_what_a_body_names_exists",
        source="https://learn.microsoft.com/azure/container-apps/containers#allocations",
    ),
]


@dataclass(frozen=True)
class Written:
    """What a write read. `secrets` are values by the names of the body, kept in memory only."""

    environment: Resource
    secrets: Mapping[str, str]
    image: Image
    container: JsonObject


class NotPulledError(Refusal):
    """The image cannot be pulled with the identity."""


def read(ground: Ground, vaults: KeyVaultData, body: JsonObject) -> Written:
    """Read everything as a write does. `body` has its identity already. Raises Refusal."""
    properties = properties_of(body)
    environment = _environment(ground, properties)
    configuration, template = section(properties, "configuration"), section(properties, "template")
    containers = items(template, "containers")
    if len(containers) != 1 or items(template, "initContainers"):
        if not containers:
            raise bad("ContainerAppContainersRequired", "The template has no container.")
        raise not_served("several containers of one app, or containers before it")
    (container,) = containers
    _check_resources(container)
    origin = Origin(
        subnet_id=section(environment.body["properties"], "vnetConfiguration").get("infrastructureSubnetId")
    )
    callers = _Callers(ground, body)
    secrets = {
        str(one.get("name")): _secret(vaults, one, callers, origin) for one in items(configuration, "secrets")
    }
    for variable in items(container, "env"):
        named = variable.get("secretRef")
        if named and named not in secrets:
            text = f"SecretRef '{named}' defined for container '{container.get('name')}' not found."
            raise bad("ContainerAppSecretRefNotFound", text)
    return Written(environment, secrets, _image(ground, container, configuration, callers, origin), container)


def variables(written: Written) -> dict[str, str]:
    """What the body tells the container."""
    found: dict[str, str] = {}
    for one in items(written.container, "env"):
        named = one.get("secretRef")
        found[str(one["name"])] = written.secrets[named] if named else str(one.get("value") or "")
    return found


def bad(code: str, message: str) -> Refusal:
    return Refusal(400, code, message)


class _Callers:
    """Who asks as which identity of a body: `system`, or an attached one by its id."""

    def __init__(self, ground: Ground, body: JsonObject) -> None:
        self._ground, self._attached = ground, attached_identities(body)

    def find(self, named: str, of: str) -> Callable[[str], Caller | None]:
        """One caller for each audience. Raises Refusal for an identity that is not attached."""
        for one in self._attached:
            id = _SYSTEM if one.resource_id is None else one.resource_id
            if id.lower() == named.lower().rstrip("/"):
                return lambda wanted, one=one: caller_of(self._ground.entra, one, wanted)
        text = f"The identity {named} of {of} is not assigned to the resource."
        raise bad("ManagedIdentityNotAssigned", text)


def _environment(ground: Ground, properties: JsonObject) -> Resource:
    id = properties.get("environmentId") or properties.get("managedEnvironmentId")
    found = ground.store.get(str(id or ""))
    if found is None or found.type != ENVIRONMENTS:
        raise bad("ManagedEnvironmentNotFound", f"The environment '{id}' does not exist.")
    return found


def _secret(vaults: KeyVaultData, secret: JsonObject, callers: _Callers, origin: Origin) -> str:
    name = str(secret.get("name") or "")
    if not _SECRET_NAME.fullmatch(name):
        text = f"The secret name '{name}' is invalid: lower-case letters, digits, - and . are allowed."
        raise bad("ContainerAppSecretInvalidName", text)
    url = secret.get("keyVaultUrl")
    if not url:
        if secret.get("value") in (None, ""):
            raise bad("ContainerAppSecretInvalid", f"The secret '{name}' has neither value nor keyVaultUrl.")
        return str(secret["value"])
    named, found = str(secret.get("identity") or ""), _URL.fullmatch(str(url))
    if found is None or not named:
        raise bad(
            "ContainerAppSecretKeyVaultUrlInvalid", f"The secret '{name}' has no identity, or no address."
        )
    caller = callers.find(named, f"the secret '{name}'")(AUDIENCE)
    try:
        if caller is None or vaults.find(found[1].lower()) is None:
            raise Refusal(404, "NotFound", "")
        return vaults.read_secret(found[1].lower(), found[2], found[3], caller, origin).value
    except Refusal:
        text = (
            "The following field(s) are either invalid or missing. Field 'configuration.secrets' is invalid "
            "with "
            f'details: \'Invalid value: "{name}": Unable to get value using Managed identity {named} for '
            "secret "
            f"{name}. Error: unable to fetch secret '{name}' using Managed identity '{named}'';."
        )
        raise bad(_INVALID, text) from None


def _image(
    ground: Ground, container: JsonObject, configuration: JsonObject, callers: _Callers, origin: Origin
) -> Image:
    image, name = str(container.get("image") or ""), str(container.get("name") or "")
    host = image.partition("/")[0].lower()
    registries = [one for one in items(configuration, "registries") if str(one.get("server")).lower() == host]
    named = str(registries[0].get("identity") or "") if registries else ""
    if registries and not named:
        raise not_served("a registry that is opened with a password")
    caller = callers.find(named, f"the registry {host}")(_ARM) if named else None
    try:
        return pull(ground, image, caller, [origin] if origin.subnet_id else None)
    except ImageError as error:
        if error.is_of_this_machine:
            raise Refusal(501, "NotImplemented", f"{image}: {error.text}") from None
        how = f"using Managed identity {named} for registry {host}" if named else f"from registry {host}"
        text = (
            f"The following field(s) are either invalid or missing. Field 'template.containers.{name}.image' "
            "is "
            f"invalid with details: 'Invalid value: \"{image}\": unable to pull image {how}: {error.text}';."
        )
        raise NotPulledError(400, _INVALID, text) from None


def _check_resources(container: JsonObject) -> None:
    resources = section(container, "resources")
    cpu, memory = resources.get("cpu"), str(resources.get("memory") or "")
    if cpu is None and not memory:
        return
    number = float(cpu) if isinstance(cpu, int | float) else 0.0
    fits = 0 < number <= _MOST and (number / _STEP).is_integer()
    if not fits or memory.removesuffix("Gi") not in _spellings(number * 2):
        text = (
            f"The total requested CPU and memory resources for this application (CPU: {cpu}, memory: "
            f"{memory}) is "
            "invalid. Total CPU and memory for all containers defined in a Container App must add up to one "
            "of the "
            "CPU - Memory combinations, from [cpu: 0.25, memory: 0.5Gi] to [cpu: 4.0, memory: 8.0Gi]."
        )
        raise bad("ContainerAppInvalidResourceTotal", text)


def _spellings(number: float) -> Sequence[str]:
    return (f"{number:g}", f"{number:.1f}")
