"""An AI Search service as a target: something an identity can be let into."""

import pulumi
from pulumi_azure_native import search

from ..choices import read_once
from ..endpoints import normal_endpoint
from ..links import LinkArgs
from ..links.search import SearchAccess, SearchLinkArgs
from ..unknowns import answered
from .search_service_arguments import KIND, SearchServiceArgs, SearchServiceChoices, read_search_service
from .target import Target


class SearchService(Target):
    """An AI Search service without keys: created, or an existing one read by its full id. Its indexes are
    made by code or by people, with a role on the service.

    Only role assignments open it.
    Source: https://learn.microsoft.com/azure/search/search-security-enable-roles
    """

    service_id: pulumi.Output[str]
    """Resource id of the service."""
    endpoint: pulumi.Output[str]
    """Address of the service, for a link's `endpoint`."""

    def __init__(
        self, name: str, args: SearchServiceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once(KIND.component, name, args, SearchServiceArgs, read_search_service)
        super().__init__(KIND, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.resource = self.adopted_or(search.Service.get, lambda: self._service(name, choices))
        self.name = self.resource.name
        self.service_id = self.declare_around(self.resource, own_tables=False)
        address = answered(self.resource.endpoint, lambda text: text, "the service's address")
        self.endpoint = self.once_reachable(address.apply(normal_endpoint))
        self.finished()

    def search_link(
        self, index: pulumi.Input[str] | None = None, access: SearchAccess = SearchAccess.READ
    ) -> LinkArgs:
        """A link to an index of this service, or to all: code does with documents what `access` says."""
        target: SearchLinkArgs = {"id": self.service_id, "endpoint": self.endpoint, "access": access}
        return {"search": target if index is None else {**target, "index": index}}

    def _service(self, name: str, choices: SearchServiceChoices) -> search.Service:
        network = self.target.network
        ranges = (network.ip_ranges or {}).values()
        return search.Service(
            name,
            # With it there are no keys, and no auth_options, which would let them in again.
            disable_local_auth=True,
            location=self.target.place.location,
            network_rule_set=search.NetworkRuleSetArgs(
                bypass=search.SearchBypass.NONE, ip_rules=[search.IpRuleArgs(value=one) for one in ranges]
            ),
            partition_count=choices.partitions,
            public_network_access=network.public_network_access,
            replica_count=choices.replicas,
            resource_group_name=self.target.place.resource_group_name,
            search_service_name=self.chosen_name(),
            sku=search.SkuArgs(name=search.SkuName(choices.tier.value)),
            tags=self.target.place.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
