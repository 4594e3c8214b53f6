"""The link to an account of Azure OpenAI or of Azure AI services."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..names.ai import MODEL_DEPLOYMENT
from ..references import AI_SERVICES
from ..roles import Role
from .endpoint import Addressed, Part, read_endpoint_link
from .link import Link
from .record import Record

ACCOUNT: Final = Addressed(
    type_=AI_SERVICES,
    service="openai|cognitiveservices|services",
    example="https://<account>.openai.azure.com/ or https://<account>.cognitiveservices.azure.com/",
    what="the account",
    connection="endpoint",
    # The host begins with the account's own subdomain, which people choose.
    is_named=False,
)
DEPLOYMENT: Final = Part("deployment", MODEL_DEPLOYMENT)
"""No scope: a role on a deployment opens nothing, as data actions are of the account."""


class AiAccess(StrEnum):
    """What an app may do with an account."""

    USE = "use"
    """Ask its models by the OpenAI interface: completions, embeddings, images, responses."""
    SERVICES = "services"
    """Ask every service of the account, speech, vision and language too, and list its keys."""

    @property
    def role(self) -> Role:
        return {
            AiAccess.USE: Role.COGNITIVE_SERVICES_OPENAI_USER,
            AiAccess.SERVICES: Role.COGNITIVE_SERVICES_USER,
        }[self]


class AiLinkArgs(TypedDict):
    """An account of Azure OpenAI or Azure AI services. Code is told `_ENDPOINT` and `_DEPLOYMENT`."""

    id: pulumi.Input[str]
    """Resource id of the account, as an AiServices outputs it."""
    endpoint: pulumi.Input[str]
    """Address of the account, with its own subdomain: https://oai-team.openai.azure.com/."""
    deployment: NotRequired[pulumi.Input[str]]
    """The model deployment that code asks; a role is for all of the account's; left out, code names one."""
    access: NotRequired[AiAccess]
    """What code may do with the account; left out, use."""


def read_link(record: Record) -> Link:
    """https://learn.microsoft.com/azure/ai-services/openai/how-to/role-based-access-control"""
    verb = record.arguments.choice("access", AiAccess, AiAccess.USE)
    return read_endpoint_link(record, ACCOUNT, verb.role, DEPLOYMENT)
