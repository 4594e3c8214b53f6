"""A model answers."""

import os

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import AzureOpenAI


def ask(prefix: str) -> str:
    model = AzureOpenAI(
        azure_endpoint=os.environ[f"{prefix}ENDPOINT"],
        api_version="2024-10-21",
        azure_ad_token_provider=get_bearer_token_provider(
            DefaultAzureCredential(), "https://cognitiveservices.azure.com/.default"
        ),
    )
    asked = model.embeddings.create(model=os.environ[f"{prefix}DEPLOYMENT"], input="Which shoe?")
    return f"{len(asked.data)} vector"
