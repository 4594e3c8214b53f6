"""What `make up EXAMPLE=shop` proves: the shop works, its API lets in its page alone, nothing is secret."""

import time
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.web import WebSiteManagementClient

from access_report.forms_of_secrets import is_vault_reference
from access_report.secret_looking import why_secret
from local_azure.arm import ResourceId
from loop.azure_client import page
from loop.proofs import Proof, no_credential_of_the_loop_lies_about
from loop.session import Session

SECONDS = 60.0
"""How long an order is waited for."""
_ORDER: Final = {"item": "teapot", "amount": "2"}
_RECEIPT: Final = "2 × teapot: 58.00"


def an_order_goes_through(_session: Session, outputs: dict[str, Any]) -> Iterator[tuple[bool, str]]:
    """By the page, as a customer does."""
    page(outputs["url"])
    placed = httpx.post(f"{outputs['url']}/orders", data=_ORDER, timeout=30)
    (order,) = parse_qs(urlsplit(str(placed.headers.get("Location", ""))).query).get("placed", [""])
    receipt = _receipt(f"{outputs['url']}/orders/{order}") if order else ""
    yield (
        receipt.strip() == _RECEIPT,
        f"an order was placed on the page, queued, worked on and stored: {receipt.strip() or 'no receipt'}",
    )


def _receipt(address: str) -> str:
    end = time.monotonic() + SECONDS
    while (answer := httpx.get(address, timeout=30)).status_code == 404 and time.monotonic() < end:
        time.sleep(0.2)
    return str(answer.json()["receipt"]) if answer.status_code == 200 else ""


def the_api_lets_in_the_page_alone(session: Session, outputs: dict[str, Any]) -> Iterator[tuple[bool, str]]:
    """Without a token, and with that of somebody who is not on its list."""
    address = f"{outputs['stock']['url']}/items"
    page(f"{outputs['stock']['url']}/health")
    nobody = httpx.get(address, timeout=30).status_code
    token = session.credential.get_token(f"{outputs['stock']['audience']}/.default").token
    other = httpx.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=30).status_code
    yield nobody == 401, f"the API asks who calls ({nobody} without a token)"
    yield other == 403, f"the API lets nobody in but the page ({other} for the deployer)"


def nothing_is_secret(session: Session, outputs: dict[str, Any]) -> Iterator[tuple[bool, str]]:
    """Names of secrets are asked of Resource Manager, settings of App Service."""
    subscription = session.environment["ARM_SUBSCRIPTION_ID"]
    vault = ResourceId.parse(outputs["vault_id"])
    vaults: Any = KeyVaultManagementClient(session.credential, subscription)
    held = [secret.name for secret in vaults.secrets.list(vault.resource_group, vault.name)]
    yield not held, f"the vault is empty ({len(held)} secrets)"
    web: Any = WebSiteManagementClient(session.credential, subscription)
    found: list[str] = []
    for id in outputs["code"].values():
        site = ResourceId.parse(id)
        settings = web.web_apps.list_application_settings(site.resource_group, site.name).properties
        found += [
            f"{site.name}: {name}"
            for name, value in settings.items()
            if why_secret(name, value) or is_vault_reference(value)
        ]
    yield (
        not found,
        f"a setting looks like a secret: {', '.join(found)}"
        if found
        else f"no setting of the {len(outputs['code'])} apps is a secret, or refers to one",
    )


SHOP: Final[tuple[Proof, ...]] = (
    an_order_goes_through,
    the_api_lets_in_the_page_alone,
    nothing_is_secret,
    no_credential_of_the_loop_lies_about,
)
