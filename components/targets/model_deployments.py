"""The models that an account of Azure OpenAI or Azure AI services answers with, each under a name of its
own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import cognitiveservices

from ..arguments import Arguments
from ..form import Form
from ..names.ai import MODEL_DEPLOYMENT
from ..shown import entry

_MODEL: Final = Form.matching(
    "a model's name as Azure has it, such as gpt-4o-mini or text-embedding-3-small",
    r"[0-9A-Za-z][0-9A-Za-z._-]*",
    r"(?:[0-9A-Za-z][0-9A-Za-z._-]*)?",
)
_VERSION: Final = Form.matching(
    "a model's version as Azure has it, such as 2024-07-18 or 1",
    r"[0-9A-Za-z][0-9A-Za-z._-]*",
    r"(?:[0-9A-Za-z][0-9A-Za-z._-]*)?",
)
_SKU: Final = Form.matching(
    "a kind of capacity as Azure has it, such as Standard, GlobalStandard or DataZoneStandard",
    r"[A-Z][A-Za-z]+",
    r"(?:[A-Z][A-Za-z]*)?",
)
_MOST: Final = 100_000


class ModelDeploymentArgs(TypedDict):
    """One model, as code asks for it by the deployment's name."""

    model: str
    """Name of the model, gpt-4o-mini."""
    version: NotRequired[str]
    """Version of the model, which stays until Azure retires it, 2024-07-18; left out, Azure's default one."""
    publisher: NotRequired[str]
    """Whose model it is, as Azure's format has it; left out, OpenAI."""
    capacity_kind: NotRequired[str]
    """Where and how it is computed and billed; left out, Standard: in the account's region, by use."""
    capacity: NotRequired[int]
    """Its quota, of most kinds thousands of tokens a minute, 1 to 100000; left out, 1."""


@dataclass(frozen=True)
class ModelDeployment:
    """One model, read and checked."""

    model: str
    version: str | None
    publisher: str
    sku: str
    capacity: int


def read_model_deployments(arguments: Arguments) -> Mapping[str, ModelDeployment]:
    """By their names. Problems are noted in `arguments`."""
    found: dict[str, ModelDeployment] = {}
    given = arguments.raw("deployments")
    for name, record in arguments.records("deployments", ModelDeploymentArgs, "names to models"):
        if not MODEL_DEPLOYMENT.form.holds(name):
            form = MODEL_DEPLOYMENT.form
            subject = entry("deployments", name, given)
            arguments.refuse(subject, form.refused(name), form.words, "name it for what code does with it")
        record.require("model", "the model that answers")
        found[name] = ModelDeployment(
            model=_text(record, "model", "", _MODEL),
            version=_text(record, "version", "", _VERSION) or None,
            publisher=_text(record, "publisher", "OpenAI", _MODEL),
            sku=_text(record, "capacity_kind", "Standard", _SKU),
            capacity=record.whole_number("capacity", 1, lowest=1, highest=_MOST),
        )
    return found


def _text(record: Arguments, key: str, default: str, form: Form) -> str:
    text = record.plain_text(key, default)
    if record.has(key) and not form.holds(text):
        record.refuse(record.at(key), form.refused(text), form.words, f"write {form.words}")
    return text


def _upgrades(one: ModelDeployment) -> cognitiveservices.DeploymentModelVersionUpgradeOption | None:
    """A version that was named stays until Azure retires it, and is not moved to each new default one.
    https://learn.microsoft.com/azure/ai-services/openai/how-to/working-with-models
    """
    named = cognitiveservices.DeploymentModelVersionUpgradeOption.ONCE_CURRENT_VERSION_EXPIRED
    return None if one.version is None else named


def deploy_models(
    parent: pulumi.Resource,
    name: str,
    deployments: Mapping[str, ModelDeployment],
    account: cognitiveservices.Account,
    group_name: pulumi.Input[str] | None,
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None,
) -> list[cognitiveservices.Deployment]:
    """One child for each, one after the other: an account takes one write at a time.
    https://github.com/Azure/bicep/issues/10280
    """
    made: list[cognitiveservices.Deployment] = []
    for called, one in deployments.items():
        assert group_name is not None  # what is created is in a group
        model = cognitiveservices.DeploymentModelArgs(
            format=one.publisher, name=one.model, version=one.version
        )
        deployment = cognitiveservices.Deployment(
            f"{name}-{called}",
            account_name=account.name,
            deployment_name=called,
            properties=cognitiveservices.DeploymentPropertiesArgs(
                model=model, version_upgrade_option=_upgrades(one)
            ),
            resource_group_name=group_name,
            sku=cognitiveservices.SkuArgs(capacity=one.capacity, name=one.sku),
            tags=tags,
            opts=pulumi.ResourceOptions(parent=parent, depends_on=made[-1:]),
        )
        made.append(deployment)
    return made
