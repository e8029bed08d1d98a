"""Log lines carry nobody's personal data."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog
from django.http import HttpResponse
from django.test import RequestFactory

from madoguchi.kernel import logs
from madoguchi.kernel.logs import mask_personal, mask_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("電話 090-1234-5678 へ", "電話 *** へ"),
        ("電話 ０９０ー１２３４ー５６７８", "電話 ***"),
        ("123456789018", "***"),
        ("hanako@example.jp から", "*** から"),
        ("2026-11-23 に 25 件", "2026-11-23 に 25 件"),
        ("3.14159265 秒", "3.14159265 秒"),
        ("duplicate key DETAIL:  Key (email, name)=(a, 杉並 花子) already exists.",
         "duplicate key DETAIL:  Key (email, name)=(***) already exists."),
        ("DETAIL:  Failing row contains (1, 杉並 花子, null).", "DETAIL:  Failing row contains (***)."),
    ],
)  # fmt: skip
def test_numbers_mails_and_row_values_are_masked(text, masked):
    assert mask_text(text) == masked


def test_keys_that_name_personal_things_are_masked_at_any_depth():
    line = mask_personal(
        None,
        "info",
        {"event": "x", "applicant_name": "花子", "data": {"address": "阿佐谷", "count": 3, "rows": ["a@b.jp"]}, "age": 3,
         "phone_number": 3, "big": 12345678},
    )  # fmt: skip
    assert line == {"event": "x", "applicant_name": "***", "data": {"address": "***", "count": 3, "rows": ["***"]},
                    "age": 3, "phone_number": "***", "big": "***"}  # fmt: skip


@pytest.fixture
def lines(monkeypatch):
    """Capture what the process writes, as parsed JSON lines."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logs.configure({"level": "INFO"})
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers, _ = before[0], root.setLevel(before[1])


def test_an_exception_is_logged_without_what_it_quotes(lines):
    try:
        raise ValueError("090-1234-5678 hanako@example.jp")
    except ValueError:
        logging.getLogger("madoguchi.test").exception("failed")
    (line,) = lines()
    assert line["level"] == "error"
    assert "ValueError: *** ***" in line["exception"]


def test_djangos_own_lines_lose_the_address(lines):
    logging.getLogger("django.request").error("Internal Server Error: %s", "/signin/link/K7QM3XTP/")
    (line,) = lines()
    assert line["event"] == "Internal Server Error"


def test_each_request_has_an_id_and_one_line_with_its_route_only(lines):
    def answer(request):
        structlog.get_logger("madoguchi.inner").info("inside")
        return HttpResponse("ok")

    response = logs.RequestIdMiddleware(answer)(RequestFactory().get("/secret-token/"))
    inner, outer = lines()
    assert inner["request_id"] == outer["request_id"] == response["X-Request-ID"]
    assert outer["event"] == "http.answered"
    assert outer["status"] == 200
    assert "secret-token" not in json.dumps(lines())
