"""What a web app and a function app do alike as hosts."""

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import web

from ...placement import Placement
from ..host import Host
from .network import NetworkChoices
from .plan import PlanChoices, handed_on, own_plan


class App(Host):
    """An app on a plan. A class of its own says what it runs and which settings it has."""

    app_id: pulumi.Output[str]
    """Resource id of the app."""
    name: pulumi.Output[str]
    """Name of the app in Azure."""
    url: pulumi.Output[str]
    """Address of the app, from the host name that Azure gave it."""
    plan_id: pulumi.Output[str]
    """Resource id of the plan the app runs on, for the next app on it, which then waits for this one."""
    sticky_settings: pulumi.Output[Sequence[str]]

    def on_plan(self, plan: PlanChoices, place: Placement) -> pulumi.Output[str]:
        """The id of the plan that it runs on, which is its own where none was given."""
        self.plan = own_plan(self, self.called, plan, place, self.naming)
        plan_id = plan.plan_id if self.plan is None else self.plan.id
        assert plan_id is not None
        return plan_id

    def reached(self, site: web.WebApp, network: NetworkChoices, *, after: pulumi.Resource) -> None:
        """From where the app is called, and where its logs go."""
        self.private_endpoint = network.private_endpoint(
            self, self.called, self.said.place, target_id=site.id, target_name=site.name, after=after
        )
        self.send_diagnostics()

    def give_out_app(
        self,
        site: web.WebApp,
        plan_id: pulumi.Output[str],
        sticky: Sequence[str],
        *,
        last: pulumi.Resource,
    ) -> None:
        """What the app is called and where it runs; `last` is what is written last of it."""
        self.app_id, self.name = site.id, site.name
        self.url = site.default_host_name.apply(lambda host: f"https://{host}")
        self.plan_id = handed_on(plan_id, last)
        self.sticky_settings = pulumi.Output.from_input(list(sticky))
