"""A resident with a plain browser whose connection may break at any moment: reloads until the house is back."""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

BROKEN = (OSError, http.client.HTTPException)


@dataclass
class Page:
    """What came back."""

    status: int
    location: str
    html: str


@dataclass
class Visitor:
    """One browser: its cookies and the house it talks to."""

    port: int
    patience: float = 30.0
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> Page:
        """Send one request. Raises OSError or HTTPException when the connection breaks.

        Every whole answer of the house says its length; ``http.client`` itself takes headers that end too early for whole.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
            body = None
            if method == "POST":
                body = urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **(form or {})})
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            if answer.getheader("Content-Length") is None:
                raise http.client.HTTPException("the answer was cut short inside its headers")
            html = answer.read().decode()
            for cookie in answer.msg.get_all("Set-Cookie") or []:
                name, _, value = cookie.split(";")[0].partition("=")
                self.cookies[name] = value
            return Page(answer.status, answer.getheader("Location") or "", html)
        finally:
            connection.close()

    def insist(self, method: str, path: str, form: dict[str, str] | None = None) -> Page:
        """Send a request again and again until it is answered."""
        until = time.monotonic() + self.patience
        while True:
            try:
                return self.ask(method, path, form)
            except BROKEN:
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)

    def open(self, path: str) -> tuple[str, Page]:
        """Open a page, following redirects; return where it ends and the page."""
        for _ in range(6):
            page = self.insist("GET", path)
            if page.status != 302:
                return path, page
            path = page.location
        raise AssertionError(f"redirects without end: {path}")


def receipt_number(html: str) -> str:
    """Return the receipt number a page shows."""
    found = re.search(r"data-receipt-number>([^<]+)<", html)
    assert found, html[:400]
    return found[1]
