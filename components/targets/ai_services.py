"""An account of Azure OpenAI or Azure AI services as a target: something an identity can be let into."""

import pulumi
from pulumi_azure_native import cognitiveservices

from ..choices import read_once
from ..endpoints import normal_endpoint
from ..links import LinkArgs
from ..links.ai import AiAccess, AiLinkArgs
from ..unknowns import answered
from .ai_services_arguments import KIND, AiServicesArgs, AiServicesChoices, read_ai_services
from .model_deployments import deploy_models
from .target import Target


class AiServices(Target):
    """An account of Azure OpenAI, or of all Azure AI services, without keys: created with its models, or an
    existing one read by its full id.

    Only role assignments open it. It has a subdomain of its own, without which Entra's tokens open nothing.
    Source: https://learn.microsoft.com/azure/ai-services/disable-local-auth
    """

    account_id: pulumi.Output[str]
    """Resource id of the account, given out when its models are deployed."""
    endpoint: pulumi.Output[str]
    """Address of the account, for a link's `endpoint`."""

    def __init__(self, name: str, args: AiServicesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once(KIND.component, name, args, AiServicesArgs, read_ai_services)
        super().__init__(KIND, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.resource = self.adopted_or(cognitiveservices.Account.get, lambda: self._account(name, choices))
        self.name = self.resource.name
        group_name, tags = self.target.place.resource_group_name, self.target.place.tags
        self.content = deploy_models(self, name, choices.deployments, self.resource, group_name, tags)
        self.account_id = self.declare_around(self.resource, self.content, own_tables=False)
        address = answered(self.resource.properties, lambda p: p.endpoint, "the account's address")
        self.endpoint = self.once_reachable(address.apply(normal_endpoint))
        self.finished()

    def ai_link(
        self, deployment: pulumi.Input[str] | None = None, access: AiAccess = AiAccess.USE
    ) -> LinkArgs:
        """A link to this account: code does with it what `access` says, and is told the deployment's name."""
        target: AiLinkArgs = {"id": self.account_id, "endpoint": self.endpoint, "access": access}
        return {"ai": target if deployment is None else {**target, "deployment": deployment}}

    def _account(self, name: str, choices: AiServicesChoices) -> cognitiveservices.Account:
        called = self.chosen_name()
        return cognitiveservices.Account(
            name,
            account_name=called,
            kind=choices.kind.azures,
            location=self.target.place.location,
            properties=cognitiveservices.AccountPropertiesArgs(
                custom_sub_domain_name=called,
                # Azure leaves keys on where nobody says it.
                disable_local_auth=True,
                network_acls=choices.network.acls(),
                public_network_access=choices.network.public_network_access,
            ),
            resource_group_name=self.target.place.resource_group_name,
            sku=cognitiveservices.SkuArgs(name="S0"),
            tags=self.target.place.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
