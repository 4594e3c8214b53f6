"""The arguments of an account of Azure OpenAI or Azure AI services: what to create or to adopt, and who is
let in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..contract import AI_SERVICES as TOKEN
from ..names.ai import AI_SERVICES as NAME
from ..references import AI_SERVICES as ACCOUNT
from ..roles import Role
from .ai_network import GROUP_ID, AiNetwork, AiNetworkArgs, read_ai_network
from .model_deployments import ModelDeployment, ModelDeploymentArgs, read_model_deployments
from .target_arguments import TargetArgs, TargetChoices, TargetKind, read_target


class AiKind(StrEnum):
    """What an account has. https://learn.microsoft.com/azure/ai-services/what-are-ai-services"""

    OPENAI = "openai"
    """Models of OpenAI, and nothing else."""
    AI_SERVICES = "ai-services"
    """Models of several publishers, speech, vision, language and the rest."""

    @property
    def azures(self) -> str:
        return {AiKind.OPENAI: "OpenAI", AiKind.AI_SERVICES: "AIServices"}[self]


class AiServicesArgs(AiNetworkArgs, TargetArgs):
    """Arguments of AiServices: either what to create, or `existing_id`; and the people who are let in."""

    account_name: NotRequired[pulumi.Input[str]]
    """Globally unique name, its subdomain too, 2 to 63 characters; left out, ais-<name>-<stack>-<random>."""
    kind: NotRequired[AiKind]
    """What the account has, fixed at creation; left out, openai: models alone."""
    deployments: NotRequired[Mapping[str, ModelDeploymentArgs]]
    """Models to deploy, by the names that code asks for; left out, none."""
    model_users: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may ask models, as display name to object id; left out, none."""


KIND: Final = TargetKind(
    component="AiServices",
    token=TOKEN,
    type_=ACCOUNT,
    what="the account",
    name_key="account_name",
    name_rule=NAME,
    group_id=GROUP_ID,
    people={"model_users": ("user", Role.COGNITIVE_SERVICES_OPENAI_USER)},
)


@dataclass(frozen=True)
class AiServicesChoices:
    """The arguments of an account, read and checked."""

    target: TargetChoices
    network: AiNetwork
    kind: AiKind
    deployments: Mapping[str, ModelDeployment]


def read_ai_services(arguments: Arguments) -> AiServicesChoices:
    """Problems are noted in `arguments`."""
    network = read_ai_network(arguments)
    return AiServicesChoices(
        target=read_target(arguments, AiServicesArgs, KIND, network),
        network=network,
        kind=arguments.choice("kind", AiKind, AiKind.OPENAI),
        deployments=read_model_deployments(arguments),
    )
