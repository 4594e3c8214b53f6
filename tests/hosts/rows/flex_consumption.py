"""Function apps on Flex Consumption."""

from tests.hosts.rows import function_app


class _Flex(function_app.HOST.__class__):
    name = "Function app on Flex Consumption"
    docs = "docs/guides/hosting.md"
    size = "FC1"


HOST = _Flex()
