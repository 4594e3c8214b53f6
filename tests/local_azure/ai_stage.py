"""What the tests of Azure AI services need: accounts with models, and the client of `openai` for whoever
asks."""

import ssl
from typing import Any

from openai import AzureOpenAI, DefaultHttpxClient, OpenAI

from local_azure.entra.directory import Principal
from tests.local_azure.arm import content
from tests.local_azure.vault_stage import Json, VaultStage

AUDIENCE = "https://cognitiveservices.azure.com"
OPENAI_USER, VERSION = "Cognitive Services OpenAI User", "2024-10-21"


class AiStage(VaultStage):
    """One running local Azure with one resource group, where accounts are made."""

    def account_id(self, name: str) -> str:
        return f"{self.group}/providers/Microsoft.CognitiveServices/accounts/{name}"

    def account(self, name: str | None = None, kind: str = "OpenAI", **properties: Any) -> str:
        """Write an account with a model for chats and one for embeddings, without keys unless told; its name,
        which is its subdomain."""
        name = name or self.name("ais")
        content(self.arm("PUT", self.account_id(name), account_body(name, kind, **properties)))
        for deployment, model in (("chat", "gpt-4o-mini"), ("embed", "text-embedding-3-small")):
            path = f"{self.account_id(name)}/deployments/{deployment}"
            content(self.arm("PUT", path, deployment_body(model)))
        return name

    def openai(self, account: str, principal: Principal, **more: Any) -> AzureOpenAI:
        """The client of `openai`, as that principal; a refusal is not tried again."""
        return AzureOpenAI(
            azure_endpoint=f"https://{account}.openai.azure.com/",
            azure_ad_token_provider=lambda: self.token(principal),
            **self.options(),
            **more,
        )

    def openai_v1(self, account: str, principal: Principal) -> OpenAI:
        """The same by the newer address, which has no api-version."""
        options = {key: value for key, value in self.options().items() if key != "api_version"}
        address = f"https://{account}.openai.azure.com/openai/v1/"
        return OpenAI(base_url=address, api_key=lambda: self.token(principal), **options)

    def token(self, principal: Principal, audience: str = AUDIENCE) -> str:
        return self.azure.entra.issue(principal, audience)[0]

    def options(self) -> Json:
        trust = ssl.create_default_context(cafile=str(self.trust["connection_verify"]))
        client = DefaultHttpxClient(proxy=self.local.proxy_url, verify=trust, trust_env=False)
        return {"api_version": VERSION, "http_client": client, "max_retries": 0}


def account_body(name: str, kind: str = "OpenAI", **properties: Any) -> Json:
    """What a client sends for an account; a property that is None is left out."""
    defaults: Json = {"customSubDomainName": name, "disableLocalAuth": True}
    given = {key: value for key, value in {**defaults, **properties}.items() if value is not None}
    return {"kind": kind, "location": "westeurope", "sku": {"name": "S0"}, "properties": given}


def deployment_body(model: str) -> Json:
    properties = {"model": {"format": "OpenAI", "name": model}}
    return {"properties": properties, "sku": {"name": "Standard", "capacity": 1}}


def asked(client: OpenAI, text: str = "hello", deployment: str = "chat") -> str:
    """What a chat answers."""
    answer = client.chat.completions.create(model=deployment, messages=[{"role": "user", "content": text}])
    return str(answer.choices[0].message.content)
