"""What the SDK works out for an engine and mocks never read: most of the time of a deployment without one."""

from collections.abc import Generator
from contextlib import contextmanager
from unittest.mock import patch

from pulumi import resource as resources
from pulumi.runtime import resource as registration
from pulumi.runtime.proto import source_pb2


@contextmanager
def left_out() -> Generator[None]:
    """While this lasts, resources are registered without two things, and are the same otherwise.

    - The URNs that a resource's aliases stand for: azure-native gives one for each api-version its type
      ever had, dozens. Children inherit the URNs where an engine does not take aliases as they are
      written; mocks do, and the aliases that are sent stay.
    - The frames that called the constructor, for the engine's messages. A test's stack is deep.
    """

    def no_urn(*_: object) -> None:
        return None

    with (
        patch.object(resources, "collapse_alias_to_urn", no_urn),
        patch.object(registration, "_get_stack_trace", source_pb2.StackTrace),
    ):
        yield
