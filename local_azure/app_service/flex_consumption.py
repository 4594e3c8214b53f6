"""What Flex Consumption takes of a plan and a site, and what it refuses that other plans take.

https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan
"""

from collections.abc import Mapping
from typing import Any, Final

from local_azure.app_service.attached_identities import attached_identities
from local_azure.app_service.flex_scale import check_scale
from local_azure.app_service.plan_sites import sites_on
from local_azure.app_service.refusals import INVALID, bad_request, conflict
from local_azure.app_service.site_state import is_function_app
from local_azure.app_service.tiers import FLEX
from local_azure.bodies import section
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.rules import Rule
from local_azure.storage.account_names import host_suffix, is_dashed_name
from local_azure.store import Store

_REFUSED_CONFIG: Final = (
    "functionAppScaleLimit",
    "functionsRuntimeScaleMonitoringEnabled",
    "ftpsState",
    "linuxFxVersion",
    "netFrameworkVersion",
    "preWarmedInstanceCount",
    "use32BitWorkerProcess",
    "windowsFxVersion",
)
_REFUSED_SETTINGS: Final = ("FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_WORKER_RUNTIME_VERSION")
_RUNTIMES: Final = ("dotnet-isolated", "java", "node", "python", "powershell")
_USER, _SYSTEM, _CONNECTION = (
    "UserAssignedIdentity",
    "SystemAssignedIdentity",
    "StorageAccountConnectionString",
)
_NOT_HERE: Final = "51021"
_RENAME: Final = "Please remove or rename it before retrying."

RULES: Final = [
    Rule(
        "F14",
        "refusal",
        "A site on Flex Consumption is made with a functionAppConfig: 400.",
        held_by="f14_a_site_on_flex_consumption_says_what_it_runs_and_where_its_code_lies",
        source="Azure/terraform-azurerm-avm-res-web-site#195",
    ),
    Rule(
        "F14",
        "refusal",
        "A site on another plan has no functionAppConfig (400).",
        held_by="f14_a_site_on_another_plan_has_no_function_app_config",
        source="Azure/azure-rest-api-specs#31730",
    ),
    Rule(
        "F14",
        "refusal",
        "A site on Flex Consumption says nothing of FTP, linuxFxVersion, .NET Framework and scaling in its "
        "siteConfig (400, ExtendedCode 51021).",
        held_by="f14_what_flex_consumption_says_elsewhere_is_refused_in_the_site_config",
        source="Azure/terraform-azurerm-avm-res-web-site#283 microsoft/azure-pipelines-tasks#21032 "
        "Azure/azure-functions-host#10643",
    ),
    Rule(
        "F14",
        "refusal",
        "FUNCTIONS_WORKER_RUNTIME is no setting of a site on Flex Consumption (400).",
        held_by="f14_the_runtime_is_no_setting_there",
        source="Azure/azure-functions-core-tools#4645 microsoft/vscode-azurefunctions#4142",
    ),
    Rule(
        "F14",
        "assumed",
        "The runtime is one of five there (400).",
        held_by="f14_memory_instances_and_runtime_are_those_that_there_are",
    ),
    Rule(
        "F14",
        "assumed",
        "The code lies in a blob container that an identity of the site opens, or a connection string: 400.",
        held_by="f14_the_code_lies_in_a_container_that_an_identity_of_the_site_opens",
        source="https://learn.microsoft.com/azure/templates/microsoft.web/sites#functionsdeployment",
    ),
    Rule(
        "F14",
        "assumed",
        "A plan of Flex Consumption has one site (409), a function app (400).",
        held_by="f14_a_plan_of_flex_consumption_has_one_function_app",
    ),
    Rule(
        "F14",
        "assumed",
        "A plan goes neither to Flex Consumption nor away from it, and a site on one neither (409).",
        held_by="f14_a_plan_and_a_site_stay_on_flex_consumption_or_off_it",
        source="https://learn.microsoft.com/azure/azure-functions/migration/migrate-plan-consumption-to-flex",
    ),
]


def is_on_flex(site: JsonObject) -> bool:
    """Whether a site or a slot, by its body, is on Flex Consumption."""
    return section(site, "properties").get("sku") == FLEX


def is_flex_plan(plan: JsonObject) -> bool:
    return section(plan, "sku").get("tier") == FLEX


def check_plan(id: str, old: JsonObject | None, tier: str, *, linux: bool) -> None:
    """Raises Refusal for a plan of Windows, and for one that changes its kind."""
    if tier == FLEX and not linux:
        raise bad_request("The parameter reserved has an invalid value: {0} is for Linux.", FLEX)
    if old is not None and (tier == FLEX) != is_flex_plan(old):
        raise conflict("Server farm '{0}' cannot be changed to or from {1}.", id.rpartition("/")[2], FLEX)


def check_site(store: Store, id: str, old: JsonObject | None, site: JsonObject, plan_id: str) -> None:
    """Raises Refusal for a site that its plan does not take. `site` has its outputs."""
    config: JsonObject | None = site["properties"].get("functionAppConfig")
    if old is not None and is_on_flex(old) != is_on_flex(site):
        raise conflict("The site '{0}' cannot move to or from {1}.", id.rpartition("/")[2], FLEX)
    if not is_on_flex(site):
        if config is not None:
            words = f"FunctionAppConfig is supported for {FLEX} sites only."
            raise bad_request(INVALID, "properties.functionAppConfig", words)
        return
    if not is_function_app(site):
        raise bad_request("The parameter kind has an invalid value: {0}.", str(site.get("kind")))
    if any(one.id.lower() != id.lower() for one in sites_on(store, plan_id)):
        raise conflict("There can only be one site per Flex Consumption serverfarm.")
    if config is None:
        name = plan_id.rpartition("/")[2]
        words = (
            f"The requested ServerFarm {name} is configured for {FLEX}. But FunctionAppConfig is not "
            f"included in the site create request. FunctionAppConfig is required on create for {FLEX} sites"
        )
        raise bad_request(INVALID, "properties.functionAppConfig", words)
    _check_runtime(section(config, "runtime"))
    check_scale(section(config, "scaleAndConcurrency"))
    _check_storage(site, section(section(config, "deployment"), "storage"))


def check_config(plan: JsonObject, config: JsonObject) -> None:
    """Raises Refusal for what a `siteConfig` says that is said elsewhere there."""
    said = [name for name in _REFUSED_CONFIG if config.get(name) not in (None, "")]
    if not said or not is_flex_plan(plan):
        return
    named = [f"Site.SiteConfig.{name[0].upper()}{name[1:]}" for name in said]
    raise _refused("site configuration property", "site configuration properties", named)


def check_settings(site: JsonObject, settings: Mapping[str, Any]) -> None:
    """Raises Refusal for settings that say what the site says itself."""
    said = [name for name in settings if name.upper() in _REFUSED_SETTINGS]
    if said and is_on_flex(site):
        named = [f"Site.SiteConfig.AppSettings.{name}" for name in said]
        raise _refused("app setting", "app settings", named)


def _refused(one: str, several: str, named: list[str]) -> Refusal:
    subject = f"The following {one} ({named[0]}) for Flex Consumption sites"
    step = _RENAME
    if len(named) > 1:
        subject = (
            f"The following list of {len(named)} {several} ({','.join(named)}) for Flex Consumption sites"
        )
        step = _RENAME.replace("it", "them", 1)
    return bad_request(INVALID, subject, step, extended_code=_NOT_HERE)


def _check_runtime(runtime: JsonObject) -> None:
    name, version = str(runtime.get("name") or ""), str(runtime.get("version") or "")
    if name not in _RUNTIMES:
        words = (
            f"The specified value of runtime name '{name}' is not supported. Please set it to one of the "
            f"allowed values: {', '.join(_RUNTIMES)}"
        )
        raise bad_request(INVALID, "Site.FunctionAppConfig.Runtime.Name", words)
    if not version:
        words = f"The specified runtime version '' for runtime name '{name}' is not supported."
        raise bad_request(INVALID, "Site.FunctionAppConfig.Runtime.Version", words)


def _check_storage(site: JsonObject, storage: JsonObject) -> None:
    where, address = "Site.FunctionAppConfig.Deployment.Storage", str(storage.get("value") or "")
    host, _, container = address.removeprefix("https://").partition("/")
    if storage.get("type") != "blobContainer":
        raise bad_request(INVALID, f"{where}.Type", "It is blobContainer.")
    if address == container or not host.endswith(host_suffix("blob")) or not is_dashed_name(container):
        raise bad_request(INVALID, f"{where}.Value", "It is the address of a blob container.")
    authentication = section(storage, "authentication")
    kind = authentication.get("type")
    if kind == _CONNECTION:
        if not authentication.get("storageAccountConnectionStringName"):
            raise bad_request(INVALID, f"{where}.Authentication", "It names the setting with the string.")
        return
    if kind not in (_USER, _SYSTEM):
        words = f"The allowed values are {_SYSTEM}, {_USER}, {_CONNECTION}."
        raise bad_request(INVALID, f"{where}.Authentication.Type", words)
    attached = [one.resource_id and one.resource_id.lower() for one in attached_identities(site)]
    if opening_identity(storage).lower() not in [one or "systemassigned" for one in attached]:
        raise bad_request(INVALID, f"{where}.Authentication", "The site does not have this identity.")


def opening_identity(storage: JsonObject) -> str:
    """The resource id of the identity that opens the code's container, or `SystemAssigned`."""
    authentication = section(storage, "authentication")
    if authentication.get("type") == _USER:
        return str(authentication.get("userAssignedIdentityResourceId") or "")
    return "SystemAssigned"
