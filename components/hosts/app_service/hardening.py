"""What is closed on every site unless an argument opens it. A field that a host adds keeps all the others."""

from typing import TypedDict

import pulumi
from pulumi_azure_native import web


class SiteConfigFields(TypedDict, total=False):
    """The fields of a site's configuration that arguments decide, by the SDK's own names."""

    acr_use_managed_identity_creds: bool
    acr_user_managed_identity_id: pulumi.Input[str]
    always_on: bool
    app_command_line: pulumi.Input[str]
    health_check_path: pulumi.Input[str] | None
    ip_security_restrictions: list[web.IpSecurityRestrictionArgs]
    ip_security_restrictions_default_action: web.DefaultAction
    scm_ip_security_restrictions_use_main: bool
    java_container: str
    java_container_version: str
    java_version: str
    linux_fx_version: pulumi.Input[str]
    min_tls_cipher_suite: web.TlsCipherSuites
    net_framework_version: str
    windows_fx_version: pulumi.Input[str]


def hardened_site_config(*parts: SiteConfigFields) -> web.SiteConfigArgs:
    """A site's configuration without settings, which have an owner of their own.

    Source: https://learn.microsoft.com/security/benchmark/azure/baselines/app-service-security-baseline
    """
    decided: SiteConfigFields = {}
    for part in parts:
        decided.update(part)
    return web.SiteConfigArgs(
        ftps_state=web.FtpsState.DISABLED,
        http20_enabled=True,
        min_tls_version=web.SupportedTlsVersions.SUPPORTED_TLS_VERSIONS_1_2,
        remote_debugging_enabled=False,
        scm_min_tls_version=web.SupportedTlsVersions.SUPPORTED_TLS_VERSIONS_1_2,
        **decided,
    )


def close_basic_publishing(
    parent: pulumi.Resource, name: str, site_name: pulumi.Input[str], resource_group_name: pulumi.Input[str]
) -> tuple[web.WebAppFtpAllowed, web.WebAppScmAllowed]:
    """Take user name and password away from FTP and from the deployment site; Entra tokens still work there.

    One after the other: App Service refuses a write to a site while another one runs.
    Source: https://learn.microsoft.com/azure/app-service/configure-basic-auth-disable
    """
    ftp = web.WebAppFtpAllowed(
        name,
        allow=False,
        name=site_name,
        resource_group_name=resource_group_name,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    scm = web.WebAppScmAllowed(
        name,
        allow=False,
        name=site_name,
        resource_group_name=resource_group_name,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[ftp]),
    )
    return ftp, scm


def close_basic_publishing_of_slot(
    parent: pulumi.Resource,
    name: str,
    site_name: pulumi.Input[str],
    slot: pulumi.Input[str],
    resource_group_name: pulumi.Input[str],
    *,
    after: pulumi.Resource,
) -> tuple[web.WebAppFtpAllowedSlot, web.WebAppScmAllowedSlot]:
    """The same of a slot, which inherits neither: both are open until they are closed."""
    ftp = web.WebAppFtpAllowedSlot(
        name,
        allow=False,
        name=site_name,
        resource_group_name=resource_group_name,
        slot=slot,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[after]),
    )
    scm = web.WebAppScmAllowedSlot(
        name,
        allow=False,
        name=site_name,
        resource_group_name=resource_group_name,
        slot=slot,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[ftp]),
    )
    return ftp, scm
