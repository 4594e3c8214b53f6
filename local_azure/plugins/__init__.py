"""Stand-ins for the Pulumi plugins `azure-native` and `random`, for the real engine and unmodified SDKs."""

from local_azure.plugins.install import install_plugins

__all__ = ["install_plugins"]
