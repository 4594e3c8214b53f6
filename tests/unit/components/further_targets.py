"""Configuration stores, AI accounts and search services for the tests: the least that is needed, and what is
refused.
"""

from typing import Any

from components import AiServices, AppConfiguration, SearchService
from tests.unit.components.answering_azure import SUFFIX, Mode
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import refusal_of

STORE, ACCOUNT, SERVICE = (f"{begin}-shop-dev-{SUFFIX}" for begin in ("appcs", "ais", "srch"))
"""The names that Azure is given."""


def _deployed(component: Any, mode: Mode, args: dict[str, Any]) -> Deployment:
    place = {} if "existing_id" in args else {"resource_group_name": "rg-team"}
    return deploy_component(component, {**place, **args}, mode)


def app_configuration(mode: Mode = "up", /, **args: Any) -> Deployment:
    return _deployed(AppConfiguration, mode, args)


def ai_services(mode: Mode = "up", /, **args: Any) -> Deployment:
    return _deployed(AiServices, mode, args)


def search_service(mode: Mode = "up", /, **args: Any) -> Deployment:
    return _deployed(SearchService, mode, args)


store_refusal = refusal_of(app_configuration)
ai_refusal = refusal_of(ai_services)
search_refusal = refusal_of(search_service)
