"""Counting of SQL statements per request, for the benchmarks only (``MADOGUCHI_COUNT_SQL=1``): header ``X-Sql-Count``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse


class CountSqlMiddleware:
    """Say in a header how many SQL statements a request took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Count while the request is answered."""
        count = 0

        def counter(execute: Callable[..., Any], *arguments: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*arguments)

        with connection.execute_wrapper(counter):
            response = self.get_response(request)
        response["X-Sql-Count"] = str(count)
        return response
