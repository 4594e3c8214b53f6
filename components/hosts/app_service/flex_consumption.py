"""Flex Consumption, where an app says itself what it is written in, where its code lies and how far it
scales. Source: https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan
"""

from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi
from pulumi_azure_native import web

from ...arguments import Arguments
from ...errors import Give, Step, TakeOut
from ...links.link import IdentityIds
from ...names.storage import CONTAINER
from ...naming import read_name
from .flex_scale import FlexScale, FlexScaleArgs, read_flex_scale
from .functions_worker import FunctionsWorker
from .plan import PlanChoices
from .plan_sizes import FLEX_CONSUMPTION

PACKAGES: Final = "app-package"
"""The container in the app's own account that its code lies in."""


class FlexConsumptionArgs(FlexScaleArgs):
    """What an app on Flex Consumption, size FC1, says of itself."""

    deployment_container: NotRequired[pulumi.Input[str]]
    """Container in host_storage_id for the code of a size FC1 app; left out, app-package in its own."""


@dataclass(frozen=True)
class FlexConsumption:
    """The arguments, read and checked; `container` is None where the app creates its own."""

    scale: FlexScale
    container: pulumi.Output[str] | None

    def function_app_config(
        self, worker: FunctionsWorker, ids: IdentityIds, blob_endpoint: pulumi.Output[str]
    ) -> web.FunctionAppConfigArgs:
        """https://learn.microsoft.com/azure/templates/microsoft.web/sites#functionappconfig"""
        authentication = web.FunctionsDeploymentStorageAuthenticationArgs(
            type=web.AuthenticationType.SYSTEM_ASSIGNED_IDENTITY
            if ids.identity_id is None
            else web.AuthenticationType.USER_ASSIGNED_IDENTITY,
            user_assigned_identity_resource_id=ids.identity_id,
        )
        container = pulumi.Output.from_input(PACKAGES) if self.container is None else self.container
        return web.FunctionAppConfigArgs(
            deployment=web.FunctionsDeploymentArgs(
                storage=web.FunctionsDeploymentStorageArgs(
                    authentication=authentication,
                    type=web.FunctionsDeploymentStorageType.BLOB_CONTAINER,
                    value=pulumi.Output.concat(blob_endpoint, container),
                )
            ),
            runtime=web.FunctionsRuntimeArgs(name=worker.name, version=worker.version),
            scale_and_concurrency=self.scale.azures(),
        )


def as_on_flex(config: web.SiteConfigArgs) -> web.SiteConfigArgs:
    """The configuration of a site without what Flex Consumption refuses, also as what closes it: it has no
    FTP, and the SDK itself fills in versions of what a Linux app does not have.

    https://github.com/Azure/terraform-azurerm-avm-res-web-site/pull/345
    """
    config.ftps_state = None
    config.local_my_sql_enabled = None
    config.net_framework_version = None
    return config


def read_flex_consumption(arguments: Arguments, plan: PlanChoices) -> FlexConsumption | None:
    """None on every other plan."""
    if not plan.is_flex:
        for key in FlexConsumptionArgs.__annotations__:
            if arguments.has(key):
                _refuse_elsewhere(arguments, key, plan)
        return None
    _check_container(arguments)
    return FlexConsumption(
        scale=read_flex_scale(arguments),
        container=read_name(arguments, "deployment_container", CONTAINER),
    )


def _refuse_elsewhere(arguments: Arguments, key: str, plan: PlanChoices) -> None:
    where = "plan_id" if plan.own_size is None else plan.own_size
    out = Step(f"take {key} out", (TakeOut(key),))
    flex = Step(f"set size to {FLEX_CONSUMPTION}", (Give("size", FLEX_CONSUMPTION),))
    steps = (out,) if plan.own_size is None else (out, flex)
    expected = f"size {FLEX_CONSUMPTION}: on other plans the plan itself says it"
    arguments.refuse(f"{key} and size", f"{where}, with {key}", expected, steps)


def _check_container(arguments: Arguments) -> None:
    """A container of ours in somebody else's account would be a surprise there, and one for two apps an
    app that runs the other's code.
    """
    given, own = arguments.has("deployment_container"), not arguments.has("host_storage_id")
    subject = "deployment_container and host_storage_id"
    if given and own:
        step = Step("take deployment_container out", (TakeOut("deployment_container"),))
        expected = "host_storage_id too: the app's own account has a container for its code"
        arguments.refuse(subject, "deployment_container alone", expected, step)
    elif not given and not own:
        step = Step("give deployment_container", (Give("deployment_container", "<container>"),))
        expected = "the container in that account for this app's code, and for no other's"
        arguments.refuse(subject, "host_storage_id alone", expected, step)
