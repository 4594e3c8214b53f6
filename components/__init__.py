"""Apps on Azure that hold no secret: Pulumi components.

What `__init__.pyi` names is the public interface; each name's module says what it is. A module is imported
when a name of it is used, and with it what it needs of the SDK: a program pays for what it declares.
"""

import ast
from importlib import import_module
from pathlib import Path
from typing import Any, Final

_COMPONENTS: Final = (
    "ManagedIdentity",
    "AccessGrant",
    "AccessReview",
    "WorkloadAccess",
    "KeyVault",
    "StorageAccount",
    "PostgresServer",
    "CosmosAccount",
    "MySqlServer",
    "SqlServer",
    "ServiceBus",
    "EventHubs",
    "ManagedRedis",
    "ContainerRegistry",
    "EventGridTopic",
    "SignalR",
    "WebPubSub",
    "LogsIngestion",
    "AppConfiguration",
    "AiServices",
    "SearchService",
    "DiskEncryptionSet",
    "WebApp",
    "WebAppSlot",
    "FunctionApp",
    "FunctionAppSlot",
    "ContainerGroup",
    "KeylessWebApp",
    "KubernetesCluster",
    "KubernetesWorkload",
    "LogicApp",
    "ContainerAppEnvironment",
    "ContainerApp",
    "ContainerAppJob",
    "VirtualMachine",
    "VirtualMachineScaleSet",
)
"""In the order in which the reference has them."""


def _modules() -> dict[str, str]:
    """Each public name, to the module that it is imported from."""
    stub = ast.parse(Path(__file__).with_name("__init__.pyi").read_text(encoding="utf-8"))
    imports = [node for node in stub.body if isinstance(node, ast.ImportFrom) and node.level]
    return {each.name: f".{node.module}" for node in imports for each in node.names}


_MODULES: Final = _modules()


def __getattr__(name: str) -> Any:
    if name == "COMPONENTS":
        value: Any = tuple(__getattr__(component) for component in _COMPONENTS)
    elif name in _MODULES:
        value = getattr(import_module(_MODULES[name], __name__), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value  # asked for once
    return value


# Type checkers read it, as all that is public, in the stub.
__all__ = ["COMPONENTS", *sorted(_MODULES)]  # pyright: ignore[reportUnsupportedDunderAll]
