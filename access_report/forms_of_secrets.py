"""Forms by which a secret is known whatever it is called, and forms that look like one and are none.

Keys and tokens of issuers are found by the detectors of detect-secrets, which are asked for the form alone:
nothing is verified, nothing leaves the machine. The rest are Azure's own, or not known to that library.
https://github.com/Yelp/detect-secrets
"""

import re
from functools import lru_cache
from typing import Final

from detect_secrets.plugins.artifactory import ArtifactoryDetector
from detect_secrets.plugins.aws import AWSKeyDetector
from detect_secrets.plugins.azure_storage_key import AzureStorageKeyDetector
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.plugins.basic_auth import BasicAuthDetector
from detect_secrets.plugins.discord import DiscordBotTokenDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.gitlab_token import GitLabTokenDetector
from detect_secrets.plugins.mailchimp import MailchimpDetector
from detect_secrets.plugins.private_key import PrivateKeyDetector
from detect_secrets.plugins.pypi_token import PypiTokenDetector
from detect_secrets.plugins.sendgrid import SendGridDetector
from detect_secrets.plugins.slack import SlackDetector
from detect_secrets.plugins.square_oauth import SquareOAuthDetector
from detect_secrets.plugins.stripe import StripeDetector
from detect_secrets.plugins.telegram_token import TelegramBotTokenDetector

_HOOK: Final = re.compile(
    r"https://([\w-]+\.webhook\.office\.com/webhook|([\w-]+\.)?discord(app)?\.com/api/webhooks/\d+/\w"
    r"|hooks\.slack\.com/(services|workflows|triggers)/\w|hooks\.zapier\.com/hooks/catch/\d+/\w"
    r"|maker\.ifttt\.com/trigger/[^\s?]{1,200}/key/\w|api\.telegram\.org/bot\d+:\w)",
    re.IGNORECASE,
)
"""Addresses of incoming webhooks: nobody signs in there."""

# A text can be as long as whoever wrote it likes: no form may look far ahead from each of many beginnings.
_OWN: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----")),
    (
        "a connection string with its key or password",
        re.compile(
            r"(^|[;,\s\"'])(AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)\s*=\s*[^;\s]", re.I
        ),
    ),
    ("a shared access signature", re.compile(r"[?&;]sig=[\w%+/=-]{20,}")),
    ("an address with a function's key", re.compile(r"[?&]code=[\w%+/-]{40,}={0,2}")),
    # Also without a user, as Redis has it.
    ("an address with a user's password", re.compile(r"[a-z][a-z0-9+.-]{0,30}://[^/\s:@]*:[^/\s@]+@", re.I)),
    (
        "an address with a user's password",
        re.compile(r"oracle(:\w+){0,4}:(//)?[^/\s:@]{1,200}/[^@\s]{1,200}@", re.I),
    ),
    ("an address that lets in whoever knows it", _HOOK),
    ("a header that signs in", re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9+/._~-]{16,}={0,2}", re.I)),
    ("the key of an Azure account", re.compile(r"(?<![\w+/])[A-Za-z0-9+/]{86}==")),
    ("a client secret of Entra", re.compile(r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])")),
    ("a key of LaunchDarkly", re.compile(r"\b(sdk|api)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.I)),
    ("a token of GitHub", re.compile(r"\bgithub_pat_\w{22,}")),
    # detect-secrets knows npm's only as the line of a .npmrc.
    (
        "a token with the mark of who gives it out",
        re.compile(r"\b(dapi|sq[apu]_|shp(at|ca|pa|ss)_|do[opr]_v1_|key-)[0-9a-f]{32,64}\b"),
    ),
    ("a token of npm", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("a key of Google", re.compile(r"\bAIza[\w-]{35}")),
    ("a key of OpenAI", re.compile(r"\bsk-[\w-]{20,}")),
    # detect-secrets takes a token only when its parts are JSON; one that is cut is a secret still.
    ("a signed token", re.compile(r"(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}")),
)

_DETECTORS: Final[tuple[tuple[str, RegexBasedDetector], ...]] = (
    ("a private key", PrivateKeyDetector()),
    ("an address with a user's password", BasicAuthDetector()),
    ("the key of an Azure account", AzureStorageKeyDetector()),
    ("a token of GitHub", GitHubTokenDetector()),
    ("a token of GitLab", GitLabTokenDetector()),
    ("a token of PyPI", PypiTokenDetector()),
    ("a token of Artifactory", ArtifactoryDetector()),
    ("an access key of AWS", AWSKeyDetector()),
    ("a key of Stripe", StripeDetector()),
    ("a token of Slack", SlackDetector()),
    ("a token of Discord", DiscordBotTokenDetector()),
    ("a token of Telegram", TelegramBotTokenDetector()),
    ("a key of SendGrid", SendGridDetector()),
    ("a key of Mailchimp", MailchimpDetector()),
    ("a secret of Square", SquareOAuthDetector()),
)
"""Left out of the library: its judgement of names and of entropy, which are right less often than ours
(docs/policy.md has the figures); Twilio's, which takes account ids; JSON Web Tokens and npm's, see above;
IBM's, which go by names; OpenAI's, which takes hours for a text that is `sk-` over and over."""

_VAULT_REFERENCE: Final = re.compile(
    r"@Microsoft\.KeyVault\(\s*(SecretUri=https://[^\s()=;,]+|(VaultName|SecretName|SecretVersion)=[\w-]+"
    r"(\s*;\s*(VaultName|SecretName|SecretVersion)=[\w-]*)*)\s*\)",
    re.IGNORECASE,
)
"""Whole, to the closing bracket: with anything behind it the app gets the text as it stands.
https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#source-app-settings-from-key-vault"""
_REFERENCE: Final = re.compile(
    r"@Microsoft\.AppConfiguration\(\s*(Endpoint|Key|Label)=[^()=;]+(\s*;\s*(Endpoint|Key|Label)=[^()=;]+)*\s*\)",
    re.IGNORECASE,
)
"""Of another store: https://learn.microsoft.com/azure/app-service/app-service-configuration-references"""
_PLACEHOLDER: Final = re.compile(r"\$\{[^{}]+\}|\$\([^()]+\)|\{\{[^{}]+\}\}|\[\w+\(.*\)[\w.\[\]']*\]|%\w+%")
"""What another program puts a value in place of; `[parameters('x')]` is Resource Manager's."""
_READ: Final = (
    r"(?:actions|body|items?|outputs|parameters|triggerBody|triggerOutputs|variables)\([^()]*\)[\w?.\[\]']*"
)
_EXPRESSION: Final = re.compile(rf"@{_READ}|@\{{{_READ}\}}")
"""What a workflow of Logic Apps reads when it runs.
https://learn.microsoft.com/azure/logic-apps/workflow-definition-language-functions-reference"""
_IN_HEADER: Final = re.compile(
    r"(?:(?:basic|bearer) )?(?:\{\{[^{}]+\}\}|\{(?:http_re(?:q|sp)|var)_[\w-]+\})", re.IGNORECASE
)
"""A named value of API Management, a variable of Application Gateway, with the scheme of a header before it.
https://learn.microsoft.com/azure/application-gateway/rewrite-http-headers-url#server-variables"""

_NO_SECRETS: Final = re.compile(
    r"-----BEGIN (?P<what>(?:[A-Z]+ )?PUBLIC KEY|CERTIFICATE|CERTIFICATE REQUEST)-----[^-]*"
    r"-----END (?P=what)-----"
    r"|\b(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\w+|sk-[\w-]{1,60}@openssh\.com) [A-Za-z0-9+/]+={0,3}"
    r"|\bsha256-[A-Za-z0-9+/]{43}=|\bsha384-[A-Za-z0-9+/]{64}|\bsha512-[A-Za-z0-9+/]{86}=="
    r"|\bsha(?:256|384|512):[0-9A-Fa-f]{64,128}\b"
)
"""Public keys, certificates, integrity hashes of the length that their algorithm gives."""


@lru_cache(maxsize=5_000)
def form_of(text: str) -> str | None:
    """The form of a secret that a text has or holds, as in `a token of GitHub`; None where it has none."""
    for words, form in _OWN:
        if form.search(text):
            return words
    for words, detector in _DETECTORS:
        if any(True for _ in detector.analyze_string(text)):
            return words
    return None


def is_reference(text: str) -> bool:
    """Whether all of a text is a reference or a placeholder; one with something behind it is none."""
    return is_vault_reference(text) or any(
        form.fullmatch(text) for form in (_REFERENCE, _PLACEHOLDER, _EXPRESSION)
    )


def is_put_into_header(text: str) -> bool:
    """Whether all that a header carries is what Azure puts there when it sends the request."""
    return _IN_HEADER.fullmatch(text) is not None


def is_vault_reference(text: str) -> bool:
    """Whether App Service takes a text as a reference to a secret in a vault."""
    return _VAULT_REFERENCE.fullmatch(text.strip()) is not None


def without_public(text: str) -> str:
    """A text without its public keys, certificates and integrity hashes."""
    return _NO_SECRETS.sub(" ", text)
