"""What the machine writes about itself: one line per happening, without anybody's personal data.

Owns the set-up of structlog and of Django's own loggers, the masking and the request id. A line tells routes, never
addresses with their parts, because a path may carry a one-time token.
"""

from __future__ import annotations

import logging.config
import re
import sys
import time
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from madoguchi.kernel.ids import uuid7

MASK = "***"
_OWN_KEYS = frozenset({"timestamp", "level", "logger", "request_id", "route", "method", "status", "ms", "job", "task"})
_PERSONAL_KEYS = re.compile(
    r"(^|_)(name|names|kana|family|given|address|postal|phone|tel|mail|email|birth|answer|answers|value|values|payload|"
    r"password|token|secret|cookie|authorization|number|account|body|text|path|url|query)(_|$)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[^\s@<>\"'()]+@[^\s@<>\"'()]+")
_LONG_NUMBER = re.compile(r"(?<![\w.])(?!\d{4}-\d{2}-\d{2}(?!\d))\d(?:[-‐−－ー ()（）]?\d){6,}")
_ROW_DETAIL = re.compile(r"(Failing row contains |\)=)\(.*?\)(?=\.|\s|$)", re.DOTALL)

EventDict = MutableMapping[str, Any]
_log = structlog.get_logger(__name__)


def mask_text(text: str) -> str:
    """Return a text without mail addresses, numbers of seven and more digits and values quoted from database rows."""
    text = _ROW_DETAIL.sub(rf"\1({MASK})", text)
    return _LONG_NUMBER.sub(MASK, _MAIL.sub(MASK, text))


def mask_personal(logger: Any, method: str, event: EventDict) -> EventDict:
    """Mask what may be personal in one log line (structlog processor)."""
    for key, value in event.items():
        if key in _OWN_KEYS or key.startswith("_"):
            continue
        event[key] = _masked(key, value)
    return event


def _masked(key: str, value: Any) -> Any:
    if _PERSONAL_KEYS.search(key):
        return MASK
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return MASK if abs(value) >= 1_000_000 else value
    if isinstance(value, dict):
        return {inner: _masked(str(inner), item) for inner, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked("", item) for item in value]
    return value if value is None or isinstance(value, bool | float) else mask_text(str(value))


def _without_path(logger: Any, method: str, event: EventDict) -> EventDict:
    """Cut the address out of Django's own lines such as `Not Found: /…`."""
    if str(event.get("logger", "")).startswith(("django.request", "django.security", "django.server")):
        event["event"] = str(event.get("event", "")).partition(":")[0]
    return event


def configure(config: dict[str, Any]) -> None:
    """Set up all logging of the process (named by the setting LOGGING_CONFIG); `config` is `{"level": "INFO"}`."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
    ]
    renderer: Any = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(_stdlib_config(str(config.get("level", "INFO")), shared, renderer))


def _stdlib_config(level: str, shared: list[Any], renderer: Any) -> dict[str, Any]:
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [*shared, _without_path],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask_personal,
            renderer,
        ],
    }
    quiet = {name: {"level": "WARNING"} for name in ("procrastinate", "fontTools", "asyncio", "granian.access")}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": formatter},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            **quiet,
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        },
    }


class RequestIdMiddleware:
    """Give each request an id, bind it to every log line, send it back in `X-Request-ID` and log the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid7().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        match = request.resolver_match
        _log.info(
            "http.answered",
            method=request.method,
            route=match.route if match else "",
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 1),
        )
        return response
