"""The sample town with a clerk, a chief and the information section at the studio."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.support.staff import signed_in

from madoguchi.engines.identity.models import Account
from madoguchi.kernel import municipality
from madoguchi.kernel.clock import TOKYO
from madoguchi.rooms.studio.models import StudioDraft

NOW = dt.datetime(2026, 11, 4, 10, 0, tzinfo=TOKYO)
HOME = "/staff/studio/"


@pytest.fixture
def town(sample_town: Path, db: None) -> Iterator[None]:
    """Use the sample town on a day its office is open."""
    with time_machine.travel(NOW, tick=False):
        municipality.reset()
        yield
    municipality.reset()


@pytest.fixture
def staff(town: None) -> Callable[[str], Client]:
    """Return a function that signs a member of staff in."""
    return lambda login: signed_in(Account.objects.get(kind="staff", login=login))


class Desk:
    """A clerk at one working copy, posting what the pages hold."""

    def __init__(self, client: Client, draft: StudioDraft) -> None:
        self.client, self.draft = client, draft

    @property
    def url(self) -> str:
        return f"{HOME}{self.draft.pk}/"

    @property
    def document(self) -> dict[str, Any]:
        self.draft.refresh_from_db()
        return self.draft.revisions.get(number=self.draft.revision).document

    def get(self, path: str = "", status: int = 200) -> str:
        response = self.client.get(self.url + path)
        assert response.status_code == status, (path, response.status_code, response.content.decode()[:800])
        return response.content.decode()

    def post(self, path: str, data: dict[str, Any], *, base: int | None = None, status: int = 302) -> Any:
        self.draft.refresh_from_db()
        response = self.client.post(self.url + path, {"_base": base or self.draft.revision, **data})
        assert response.status_code == status, (path, response.status_code, texts(response.content.decode()))
        return response

    def fields(self, path: str) -> dict[str, Any]:
        """Return what the form of a page would post as it stands."""
        return form_values(self.get(path))


def form_values(html: str) -> dict[str, Any]:
    """Return the values of the inputs, selects and text areas in the first panel form of a page."""
    part = html[html.index('<form class="wd-panel') :]
    part = part[: part.index("</form>")]
    values: dict[str, Any] = {}
    for name, inner in re.findall(r'<select[^>]*? name="([^"]+)"[^>]*>(.*?)</select>', part, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inner) or re.search(r'<option value="([^"]*)"', inner)
        values[name] = chosen[1] if chosen else ""
    for name, inner in re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>(.*?)</textarea>', part, re.DOTALL):
        values[name] = inner
    for tag in re.findall(r"<input[^>]*>", part):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        name = found.get("name", "")
        if not name or name in {"csrfmiddlewaretoken", "_base"}:
            continue
        if found.get("type") in {"checkbox", "radio"} and not re.search(r"\bchecked\b", tag):
            continue
        there = values.get(name)
        value = found.get("value", "")
        values[name] = value if there is None else [*(there if isinstance(there, list) else [there]), value]
    return values


def texts(html: str) -> str:
    """Return the words of a page's main part, for messages of failing tests."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))[:1500]


@pytest.fixture
def clerk(staff: Callable[[str], Client]) -> Client:
    """Return the clerk of the residents' section."""
    return staff("jumin")


@pytest.fixture
def dog(clerk: Client) -> Desk:
    """Return the clerk at a working copy of the registration of dogs."""
    assert clerk.post(f"{HOME}procedures/juminhyo/open/").status_code == 302
    return Desk(clerk, StudioDraft.objects.get())
