"""The user of its own with which each site can be published to, where its policies let a password in.

https://learn.microsoft.com/azure/app-service/deploy-configure-credentials#application-scope-credentials
"""

import base64
import binascii
import secrets
from hmac import compare_digest
from typing import Final
from xml.etree import ElementTree

from local_azure.app_service.refusals import app_service_refusal
from local_azure.app_service.site_names import SCM, SITES, app_name, host_label, is_slot, slot_name
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule
from local_azure.store import Store

_DOCUMENTS: Final = "publishing-passwords"
_REDACTED: Final = "REDACTED"

RULES: Final = [
    Rule(
        "A34",
        "behaviour",
        "A site's own publishing user publishes at its scm host as long as the policy scm allows it.",
        held_by="a34_the_publishing_password_publishes_until_the_policy_forbids_it",
        source="https://learn.microsoft.com/azure/app-service/configure-basic-auth-disable",
    ),
    Rule(
        "A34",
        "assumed",
        "Publishing credentials are not listed where the policy scm forbids basic publishing (403), and its "
        "profile has REDACTED for a password.",
        held_by="a34_no_password_is_given_out_where_basic_publishing_is_off",
        source="https://learn.microsoft.com/azure/app-service/configure-basic-auth-disable",
    ),
]


def user_name(site_id: str) -> str:
    """`$<app>`, or `$<app>__<slot>`."""
    slot = f"__{slot_name(site_id)}" if is_slot(site_id) else ""
    return f"${app_name(site_id)}{slot}"


def credentials(store: Store, site_id: str) -> JsonObject:
    """What `config/publishingcredentials/list` answers with. Raises Refusal 403 where basic publishing is
    off."""
    if not _is_allowed(store, site_id, "scm"):
        raise app_service_refusal(403, "Forbidden", "Basic authentication is disabled for site '{0}'.",
                                  app_name(site_id))  # fmt: skip
    name, password = user_name(site_id), _password(store, site_id)
    host = f"{host_label(site_id)}{SCM}"
    return {
        "name": app_name(site_id),
        "publishingUserName": name,
        "publishingPassword": password,
        "scmUri": f"https://{name}:{password}@{host}",
    }


def renew_password(store: Store, site_id: str) -> None:
    """From now on the old one opens nothing."""
    store.documents(_DOCUMENTS).put(site_id, {"password": secrets.token_hex(30)})


def forget_password(store: Store, site_id: str) -> None:
    store.documents(_DOCUMENTS).delete(site_id)


def is_publishing_user(store: Store, site_id: str, request: Request) -> bool:
    """Whether a request comes with name and password of the site's own user, and the policy lets them in."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic" or not _is_allowed(store, site_id, "scm"):
        return False
    try:
        name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    known = store.documents(_DOCUMENTS).get(site_id)  # none was given out before it was asked for
    of_site = name.rpartition("\\")[2].lower() == user_name(site_id).lower()
    return known is not None and of_site and compare_digest(password.encode(), known["password"].encode())


def publishing_profile(store: Store, site_id: str) -> bytes:
    """The XML of a publish profile. FTP and Web Deploy are in it as in Azure, and not served here."""
    label, name = host_label(site_id), user_name(site_id)
    scm = f"{label}{SCM}:443"
    ftp = f"ftps://{label}.ftp.azurewebsites.windows.net/site/wwwroot"
    methods = (
        ("Web Deploy", "MSDeploy", scm, name, "scm"),
        ("FTP", "FTP", ftp, f"{label}\\{name}", "ftp"),
        ("Zip Deploy", "ZipDeploy", scm, name, "scm"),
    )
    data = ElementTree.Element("publishData")
    for title, method, url, user, policy in methods:
        allowed = _is_allowed(store, site_id, policy)
        about = {
            "profileName": f"{label} - {title}",
            "publishMethod": method,
            "publishUrl": url,
            "msdeploySite": label,
            "userName": user,
            "userPWD": _password(store, site_id) if allowed else _REDACTED,
            "destinationAppUrl": f"https://{label}{SITES}",
            "webSystem": "WebSites",
        }
        ElementTree.SubElement(data, "publishProfile", about)
    return ElementTree.tostring(data)


def _is_allowed(store: Store, site_id: str, policy: str) -> bool:
    stored = store.get(f"{site_id}/basicPublishingCredentialsPolicies/{policy}")
    return stored is not None and stored.body["properties"]["allow"] is True


def _password(store: Store, site_id: str) -> str:
    """Drawn when it is first asked for."""
    documents = store.documents(_DOCUMENTS)
    if documents.get(site_id) is None:
        renew_password(store, site_id)
    known = documents.get(site_id)
    assert known, "it was just drawn"
    return str(known["password"])
