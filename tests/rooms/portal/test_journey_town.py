"""The same spine on the tiny town: nothing of Suginami is in the code."""

from __future__ import annotations

import pytest
from django.test import Client

from .journey import apply_as_guest, find_procedure, whole_journey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_town")]


def test_from_search_to_decision() -> None:
    case = whole_journey("住民票", "juminhyo", {"tel": "03-0000-9876"})
    assert case.procedure_id == "juminhyo"


def test_every_procedure_of_the_town_can_be_handed_in() -> None:
    from madoguchi.rooms.catalogue.api import list_procedures

    mine = [item for item in list_procedures() if item.in_scope]
    assert mine
    for procedure in mine:
        assert apply_as_guest(Client(), procedure.id).number


def test_no_page_of_the_town_names_suginami() -> None:
    client = Client()
    find_procedure(client, "住民票", "juminhyo")
    for address in ("/", "/procedures/", "/procedures/juminhyo/", "/departments/", "/life/", "/services/", "/news/"):
        assert "杉並" not in client.get(address).content.decode(), address
