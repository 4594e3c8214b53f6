"""How App Service says no: its own envelope, a message made from a template, and an extended code."""

from typing import Final

from local_azure.errors import Refusal

INVALID: Final = "{0} is invalid.  {1}"
"""How App Service says what is wrong with a part of a site."""


def app_service_refusal(
    status: int, code: str, template: str, *parameters: str, extended_code: str | None = None
) -> Refusal:
    """A refusal in App Service's envelope; `{0}`, `{1}` … in `template` stand for `parameters`."""
    return Refusal(
        status,
        code,
        template.format(*parameters),
        envelope="app-service",
        inner_code=extended_code,
        message_template=template,
        parameters=parameters,
    )


def conflict(template: str, *parameters: str, extended_code: str | None = None) -> Refusal:
    """409 `Conflict`, which azure-native does not retry."""
    return app_service_refusal(409, "Conflict", template, *parameters, extended_code=extended_code)


def bad_request(template: str, *parameters: str, extended_code: str | None = None) -> Refusal:
    """400 `BadRequest`."""
    return app_service_refusal(400, "BadRequest", template, *parameters, extended_code=extended_code)
