"""A configuration store, models and search through the real engine: what is linked works, and runs twice."""

from pathlib import Path
from typing import Any

import openai
import pytest
from azure.appconfiguration import AzureAppConfigurationClient
from azure.core.exceptions import HttpResponseError
from azure.keyvault.secrets import SecretClient

from local_azure.ai_services.stand_in import SAYS
from local_azure.constants import DEPLOYER
from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.local_azure.vault_stage import Holder
from toolchain.paths import ROOT

PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import resources
from components import (
    AccessGrant, AiServices, AppConfiguration, KeyVault, ManagedIdentity, SearchService, WorkloadAccess,
)

config = pulumi.Config()
group = resources.ResourceGroup("shop", location="westeurope")
where = {{"resource_group_name": group.name}}
# What the deployer's contract asks for: here the deployer may give it to itself.
writer = AccessGrant("writer", {{
    "principal_id": {DEPLOYER.object_id!r}, "role": "App Configuration Data Owner", "scope_id": group.id,
}})
vault = KeyVault("shop", {{**where, "generated_secrets": {{"mail-key": 32, "other": 32}}}})
settings = AppConfiguration("shop", {{
    **where,
    "key_values": {{"shop:color/main": config.require("color"), "shop:color/main$test": "blue"}},
    "references": {{"shop:mail": {{
        "vault_id": vault.vault_id, "vault_endpoint": vault.endpoint, "secret": "mail-key",
    }}}},
}}, pulumi.ResourceOptions(depends_on=[writer]))
models = AiServices("shop", {{**where, "deployments": {{
    "chat": {{"model": "gpt-4o-mini"}}, "embed": {{"model": "text-embedding-3-small"}},
}}}})
found = SearchService("shop", where)
identity = ManagedIdentity("web", where)
web = WorkloadAccess("web", {{
    "principal_id": identity.principal_id,
    "client_id": identity.client_id,
    "links": {{
        "features": settings.configuration_link(),
        "model": models.ai_link("chat"),
        "products": found.search_link("products"),
    }},
}})
pulumi.export("environment", web.environment)
pulumi.export("principal", web.principal_id)
pulumi.export("contract", settings.deployer_contract)
pulumi.export("vault", vault.endpoint)
"""


@pytest.fixture
def shop(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Loop:
    return given_program(Loop, engine, cloud, tmp_path, PROGRAM, {"keyless:color": "green"})


def test_settings_models_and_indexes_are_made_linked_changed_and_taken_away(shop: Loop) -> None:
    shop.stack.up("--skip-preview")
    outputs = shop.stack.outputs()
    told, entra = outputs["environment"], shop.cloud.azure.entra
    principal = entra.principal(outputs["principal"])
    assert principal is not None
    holder = Holder(shop.cloud.azure, principal)
    way: dict[str, Any] = {
        "proxies": {"https": shop.cloud.proxy_url},
        "connection_verify": shop.cloud.addresses.authority,
        "retry_total": 0,
    }
    store: Any = AzureAppConfigurationClient(told["FEATURES_ENDPOINT"], holder, **way)
    assert store.get_configuration_setting("shop:color/main").value == "green"
    assert store.get_configuration_setting("shop:color/main", "test").value == "blue"
    reference = store.get_configuration_setting("shop:mail")
    assert reference.secret_id == f"{outputs['vault']}secrets/mail-key"
    secrets = SecretClient(outputs["vault"], holder, **way)
    assert len(secrets.get_secret("mail-key").value or "") == 32
    with pytest.raises(HttpResponseError) as refused:
        secrets.get_secret("other")
    assert refused.value.status_code == 403
    client = openai.AzureOpenAI(
        azure_endpoint=told["MODEL_ENDPOINT"],
        api_version="2024-10-21",
        azure_ad_token=entra.issue(principal, "https://cognitiveservices.azure.com")[0],
        max_retries=0,
    )
    answer = client.chat.completions.create(
        model=told["MODEL_DEPLOYMENT"], messages=[{"role": "user", "content": "hello"}]
    )
    assert answer.choices[0].message.content == f"{SAYS} hello"
    assert sorted(told) == [
        "AZURE_CLIENT_ID", "FEATURES_ENDPOINT", "MODEL_DEPLOYMENT", "MODEL_ENDPOINT",
        "PRODUCTS_ENDPOINT", "PRODUCTS_INDEX",
    ]  # fmt: skip
    assert "App Configuration Data Owner on " in outputs["contract"]["roles"]
    shop.stack.preview("--expect-no-changes", "--refresh")
    shop.stack.write_configuration({"color": "red"})
    shop.stack.up("--skip-preview")
    assert store.get_configuration_setting("shop:color/main").value == "red"
    shop.stack.destroy()
    left = shop.session.control("/leftovers")
    assert left["resources"] == []
    assert [name.partition("-")[0] for name in left["deleted_stores"]] == ["appcs"]
