"""A host name of the owner's own for an app, with the certificate that App Service asks for and renews."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import web

from ...arguments import Arguments
from ...errors import Give, Step, TakeOut
from ...placement import Placement
from ...references import parse_id
from ...shown import described

LONGEST: Final = 64
"""Characters of a name that a managed certificate is issued for.
https://learn.microsoft.com/azure/app-service/configure-ssl-certificate#create-a-free-managed-certificate"""
_NAME: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_BEGINS: Final = r"[a-z0-9.-]*"
_AZURES_OWN: Final = (".azurewebsites.net", ".trafficmanager.net")
_WITHOUT_TLS: Final = ("F1", "D1")
_EXPECTED: Final = f"a host name of your own, up to {LONGEST} characters, such as www.contoso.com"


class CustomDomainArgs(TypedDict):
    """The host name of the owner's own."""

    custom_domain: NotRequired[str]
    """Host name of your own, whose DNS records exist, such as www.contoso.com; left out, only Azure's."""
    custom_domain_tls: NotRequired[bool]
    """Whether its certificate is used, which the run that adds the domain has issued; left out, false."""


@dataclass(frozen=True)
class CustomDomain:
    """What was declared for a host name."""

    binding: web.WebAppHostNameBinding
    certificate: web.Certificate


@dataclass(frozen=True)
class CustomDomainChoices:
    """The arguments of a custom domain, read and checked. Without one, `name` is None."""

    name: str | None
    tls: bool

    @property
    def ignored_of_site(self) -> list[str]:
        """What the binding's own writes show up as in the site, which a refresh would take for the site's."""
        return [] if self.name is None else ["host_name_ssl_states"]

    def declare(
        self,
        host: pulumi.Resource,
        name: str,
        place: Placement,
        *,
        site: web.WebApp,
        given_plan_id: pulumi.Output[str] | None,
        plan_id: pulumi.Output[str],
        after: Sequence[pulumi.Resource],
    ) -> CustomDomain | None:
        """The binding and the certificate, after every other write of the site; None without a domain.

        A certificate is issued to a name that is bound, and a name is bound with the thumbprint of a
        certificate: each needs the other, and one resource cannot be written twice in a run. So the first
        run binds the name and then has the certificate issued, and from the next one on, with TLS, the order
        is the other way round. That one is also the order in which Azure lets them go: it deletes no
        certificate that is bound. https://github.com/pulumi/pulumi-azure-native/issues/578
        """
        if self.name is None:
            return None
        group = place.resource_group_name if given_plan_id is None else given_plan_id.apply(_group_of)

        def certificate(*waits_for: pulumi.Resource) -> web.Certificate:
            return web.Certificate(
                name,
                canonical_name=self.name,
                location=place.location,
                name=self.name,
                # Wherever it is asked for, Azure keeps it in the plan's group.
                # https://github.com/hashicorp/terraform-provider-azurerm/issues/9699
                resource_group_name=group,
                server_farm_id=plan_id,
                tags=place.tags,
                opts=_options(host, waits_for),
            )

        def binding(thumbprint: pulumi.Output[str] | None) -> web.WebAppHostNameBinding:
            return web.WebAppHostNameBinding(
                name,
                host_name=self.name,
                host_name_type=web.HostNameType.VERIFIED,
                name=site.name,
                resource_group_name=place.resource_group_name,
                ssl_state=web.SslState.DISABLED if thumbprint is None else web.SslState.SNI_ENABLED,
                thumbprint=thumbprint,
                opts=_options(host, after),
            )

        if self.tls:
            issued = certificate(*after)
            return CustomDomain(binding(issued.thumbprint), issued)
        bound = binding(None)
        return CustomDomain(bound, certificate(bound))

    def records(self, site: web.WebApp) -> pulumi.Output[Mapping[str, str]]:
        """The DNS records that have to exist before the domain can be declared."""
        name = self.name
        if name is None:
            return pulumi.Output.from_input({})
        found = pulumi.Output.all(site.default_host_name, site.custom_domain_verification_id)
        return found.apply(lambda known: {name: f"CNAME {known[0]}", f"asuid.{name}": f"TXT {known[1]}"})


def read_custom_domain(arguments: Arguments) -> CustomDomainChoices:
    name = _read_name(arguments) if arguments.has("custom_domain") else None
    tls = arguments.flag("custom_domain_tls", False)
    if tls and not arguments.has("custom_domain"):
        steps = (
            Step("give custom_domain", (Give("custom_domain"),)),
            Step("take custom_domain_tls out", (TakeOut("custom_domain_tls"),)),
        )
        expected = "the domain that it is for"
        arguments.refuse("custom_domain_tls", "true, without a domain", expected, steps)
    _check_size(arguments)
    return CustomDomainChoices(name, tls)


def _read_name(arguments: Arguments) -> str | None:
    name = arguments.plain_text("custom_domain", "")
    if _is_own(name):
        return name
    if not isinstance(arguments.raw("custom_domain"), str):
        return None  # refused already
    arguments.refuse("custom_domain", described(name, _BEGINS), _EXPECTED, _next_step(name))
    return None


def _next_step(name: str) -> Step:
    lower = name.lower()
    if "*" in name:
        words = "name one host: a managed certificate is issued to one, and has no wildcard"
    elif lower.endswith(_AZURES_OWN):
        words = "take custom_domain out: Azure's own names need neither a binding nor a certificate"
        return Step(words, (TakeOut("custom_domain"),))
    elif _is_own(lower):
        words = "write it in lower case"
    else:
        words = "give the host name alone, without https://, path, port or last dot"
    return Step(words, (Give("custom_domain"),))


def _is_own(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and len(name) <= LONGEST and not name.endswith(_AZURES_OWN)


def _check_size(arguments: Arguments) -> None:
    """https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-app-service-limits"""
    size = arguments.raw("size")
    if arguments.has("custom_domain") and isinstance(size, str) and size.upper() in _WITHOUT_TLS:
        steps = (
            Step("choose B1 or larger", (Give("size", "B1"),)),
            Step("take custom_domain out", (TakeOut("custom_domain"),)),
        )
        expected = "a size with TLS for custom domains"
        arguments.refuse("custom_domain and size", f"{size}, with custom_domain", expected, steps)


def _group_of(plan_id: str) -> str:
    return parse_id(plan_id).resource_group or ""


def _options(host: pulumi.Resource, waits_for: Sequence[pulumi.Resource]) -> pulumi.ResourceOptions:
    """azure-native deletes first wherever a name is given; another domain is another resource, and the old
    certificate can go only after the old binding has."""
    return pulumi.ResourceOptions(delete_before_replace=False, depends_on=list(waits_for), parent=host)
