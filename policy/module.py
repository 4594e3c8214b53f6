"""Which of azure-native's modules has a type."""

from access_report.resources import Resource


def module(resource: Resource) -> str:
    """azure-native's module, such as `keyvault`."""
    return resource.type.partition(":")[2].partition(":")[0].partition("/")[0]
