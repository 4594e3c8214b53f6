"""What the engine says and pulumi-policy does not pass on: a configuration as a whole, which is refused where
it is misspelt, and which values a program keeps secret.
"""

from typing import Any, Final

import grpc
from google.protobuf.json_format import MessageToDict
from pulumi_policy import policy as engine_side

from policy.configuration import problems
from policy.kept import note
from policy.pack import SAID

# A policy is told its own configuration only: what is given under another name, none of them sees.
# The version is pinned, and tests/engine/test_policy.py goes this way.
_SERVICER: Final[Any] = engine_side._PolicyAnalyzerServicer  # pyright: ignore[reportPrivateUsage]


class _Configured(_SERVICER):
    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        given = {name: MessageToDict(one.properties) for name, one in request.policyConfig.items()}
        # The engine hands over every policy that there is, with what it takes when nothing is said.
        found = problems({name: one for name, one in given.items() if name != SAID})
        if found:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "the configuration: " + "; ".join(found))
        return _SERVICER.Configure(self, request, context)

    def Analyze(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        note(request.urn, MessageToDict(request.properties))
        return _SERVICER.Analyze(self, request, context)


def hear_all_that_is_said() -> None:
    """From here on a pack that is made looks at its configuration, and knows what is kept secret."""
    engine_side._PolicyAnalyzerServicer = _Configured  # pyright: ignore[reportPrivateUsage]
