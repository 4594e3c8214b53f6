"""The entry point of the launchers that `install.py` writes."""

from typing import Literal


def main(name: Literal["azure-native", "random"]) -> None:
    """Serve one stand-in until the engine is done with it."""
    from local_azure.plugins.server import serve

    if name == "azure-native":
        from local_azure.plugins.azure_native import AzureNative

        serve(AzureNative())
    else:
        from local_azure.plugins.random_values import RandomValues

        serve(RandomValues())
