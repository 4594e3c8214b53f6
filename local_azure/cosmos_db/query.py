"""A query, run over items."""

from collections.abc import Sequence
from typing import Any

from local_azure.cosmos_db.query_parser import Query
from local_azure.cosmos_db.query_values import UNDEFINED, sort_key
from local_azure.http import JsonObject


def run(query: Query, items: Sequence[JsonObject]) -> list[Any]:
    """What is found, in order. What is undefined is left out."""
    found = [one for one in items if query.where is None or query.where(one) is True]
    for by, descends in reversed(query.order):
        found.sort(key=lambda one, by=by: sort_key(by(one)), reverse=descends)
    if query.aggregate is not None and query.columns:
        values = [value for one in found if (value := query.columns[0][1](one)) is not UNDEFINED]
        answer = query.aggregate(values)
        return [] if answer is UNDEFINED else [answer]
    end = None if query.limit is None else query.offset + query.limit
    found = found[query.offset : end]
    if query.columns is None:
        return found
    if query.value:
        values = [query.columns[0][1](one) for one in found]
        return [value for value in values if value is not UNDEFINED]
    rows = ({name: value(one) for name, value in query.columns} for one in found)
    return [{name: value for name, value in row.items() if value is not UNDEFINED} for row in rows]
