"""A digest is signed with a key of a vault."""

import os

from azure.identity import DefaultAzureCredential
from azure.keyvault.keys import KeyClient
from azure.keyvault.keys.crypto import SignatureAlgorithm


def ask(prefix: str) -> str:
    keys = KeyClient(os.environ[f"{prefix}ENDPOINT"], DefaultAzureCredential())
    key = keys.get_cryptography_client(os.environ[f"{prefix}KEY"])
    return f"a signature of {len(key.sign(SignatureAlgorithm.es256, bytes(32)).signature)} bytes"
