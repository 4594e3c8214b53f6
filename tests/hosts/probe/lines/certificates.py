"""A certificate is made in a vault and read."""

import os

from azure.identity import DefaultAzureCredential
from azure.keyvault.certificates import CertificateClient, CertificatePolicy


def ask(prefix: str) -> str:
    certificates = CertificateClient(os.environ[f"{prefix}ENDPOINT"], DefaultAzureCredential())
    certificates.begin_create_certificate(
        "probe", CertificatePolicy(issuer_name="Self", subject="CN=probe")
    ).result()
    return f"a certificate of {certificates.get_certificate('probe').policy.subject}"
