"""The register: offered and accepted by code, requested and checked with the paper, ended at once by either side."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from madoguchi.engines.identity import api
from madoguchi.engines.identity.models import Account, Delegation, DelegationEvent
from madoguchi.kernel import audit
from madoguchi.kernel.access import Actor
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("suginami")]
AT = datetime(2026, 11, 2, 10, 0, tzinfo=TOKYO)
ASKED = api.Asked("juminhyo_utsushi", "証明")
CHIEF = Actor("staff", "900", "検査 係長", permissions=frozenset({"delegations.review"}))


def resident(name: str) -> Actor:
    account = Account.objects.create(kind="resident", login=f"{name}@example.jp", email=f"{name}@example.jp", name=name)
    return Actor("resident", str(account.pk), name)


@pytest.fixture
def hanako() -> Actor:
    return resident("hanako")


@pytest.fixture
def taro() -> Actor:
    return resident("taro")


def wish(kind: str = "voluntary", **more: Any) -> api.Wish:
    given = {
        "kind": kind,
        "principal_name": "見本 花子",
        "scope": "list",
        "values": ["juminhyo_utsushi"],
        "valid_from": date(2026, 11, 2),
        "valid_to": date(2027, 3, 31),
    }
    return api.Wish(**{**given, **more})


def accepted(hanako: Actor, taro: Actor, **more: Any) -> Delegation:
    _, code = api.offer_delegation(wish(**more), actor=hanako, at=AT)
    return api.accept_delegation(code.lower().replace("-", " "), name="見本 太郎", actor=taro, at=AT)


def test_given_by_code_accepted_used_and_revoked_at_once(hanako: Actor, taro: Actor) -> None:
    row = accepted(hanako, taro)
    mandate = api.mandate_for(taro, row.ref, [ASKED], at=AT)
    assert (mandate.principal_ref, mandate.capacity["ja"]) == (hanako.ref, "任意代理人として")
    assert [item.row.pk for item in api.usable_for(taro, [ASKED], at=AT)] == [row.pk]
    assert [item.state for item in api.given_by(hanako, at=AT)] == ["in_force"]
    api.end_delegation(row, actor=hanako, at=AT)
    with pytest.raises(NotAllowed):
        api.mandate_for(taro, row.ref, [ASKED], at=AT)
    assert api.usable_for(taro, [ASKED], at=AT) == []
    with pytest.raises(Conflict):
        api.end_delegation(row, actor=hanako, at=AT)
    assert list(row.events.values_list("kind", flat=True)) == ["offered", "accepted", "revoked"]
    assert audit.verify().ok


def test_a_code_works_once_for_somebody_else_and_for_two_weeks(hanako: Actor, taro: Actor) -> None:
    row, code = api.offer_delegation(wish(), actor=hanako, at=AT)
    assert code.replace("-", "") not in str(Delegation.objects.values().get(pk=row.pk))
    with pytest.raises(NotAllowed):
        api.accept_delegation(code, name="x", actor=hanako, at=AT)
    with pytest.raises(InvalidInput):
        api.accept_delegation(code, name="x", actor=taro, at=AT + timedelta(days=15))
    with pytest.raises(InvalidInput):
        api.accept_delegation("0000-0000-0000", name="x", actor=taro, at=AT)
    api.accept_delegation(code, name="見本 太郎", actor=taro, at=AT)
    with pytest.raises(InvalidInput):
        api.accept_delegation(code, name="別人", actor=resident("jiro"), at=AT)


def test_declined_and_resigned(hanako: Actor, taro: Actor) -> None:
    _, code = api.offer_delegation(wish(), actor=hanako, at=AT)
    api.decline_delegation(code, actor=taro, at=AT)
    assert [item.state for item in api.given_by(hanako, at=AT)] == ["declined"]
    row = accepted(hanako, taro)
    api.end_delegation(row, actor=taro, at=AT)
    assert [item.state for item in api.held_by(taro, at=AT)] == ["resigned"]


def test_a_scrivener_states_the_number_and_a_facility_its_name(hanako: Actor, taro: Actor) -> None:
    _, code = api.offer_delegation(wish("gyoseishoshi"), actor=hanako, at=AT)
    with pytest.raises(InvalidInput) as refused:
        api.accept_delegation(code, name="見本 太郎", number="123", actor=taro, at=AT)
    assert refused.value.code == "delegation.number"
    assert api.accept_delegation(code, name="見本 太郎", number="12345678", actor=taro, at=AT).number == "12345678"
    _, code = api.offer_delegation(wish("facility_staff", valid_to=date(2027, 4, 1)), actor=hanako, at=AT)
    with pytest.raises(InvalidInput):
        api.accept_delegation(code, name="見本 太郎", actor=taro, at=AT)
    assert api.accept_delegation(code, name="見本 太郎", facility="見本苑", actor=taro, at=AT).facility == "見本苑"


CHILD = {
    "kind": "parental",
    "principal_name": "見本 桜",
    "born_on": date(2012, 4, 1),
    "delegate_name": "見本 太郎",
    "scope": "all",
    "values": [],
    "valid_to": None,
}


def test_a_parent_asks_and_staff_check_the_paper(taro: Actor) -> None:
    row = api.request_delegation(wish(**CHILD), actor=taro, at=AT)
    with pytest.raises(NotAllowed):
        api.mandate_for(taro, row.ref, [ASKED], at=AT)
    with pytest.raises(NotAllowed):
        api.waiting_for_review(Actor("staff", "1"), at=AT)
    assert [item.row.pk for item in api.waiting_for_review(CHIEF, at=AT)] == [row.pk]
    with pytest.raises(InvalidInput):
        api.check_delegation(row, approve=True, reason="", papers=[], actor=CHIEF, at=AT)
    with pytest.raises(NotAllowed):
        api.check_delegation(row, approve=True, reason="", papers=["戸籍"], actor=taro, at=AT)
    api.check_delegation(row, approve=True, reason="", papers=["戸籍全部事項証明書"], actor=CHIEF, at=AT)
    assert api.mandate_for(taro, row.ref, [ASKED], at=AT).principal_ref == ""
    grown = datetime(2030, 4, 1, 0, 30, tzinfo=TOKYO)
    assert api.mandate_for(taro, row.ref, [ASKED], at=grown - timedelta(hours=1))
    with pytest.raises(NotAllowed):
        api.mandate_for(taro, row.ref, [ASKED], at=grown)
    assert api.waiting_for_review(CHIEF, at=AT) == []


def test_staff_refuse_with_a_reason_and_narrow_what_was_asked(taro: Actor) -> None:
    first, second = (api.request_delegation(wish(**CHILD), actor=taro, at=AT) for _ in range(2))
    with pytest.raises(InvalidInput):
        api.check_delegation(first, approve=False, reason=" ", papers=[], actor=CHIEF, at=AT)
    api.check_delegation(first, approve=False, reason="続柄を確かめられません", papers=[], actor=CHIEF, at=AT)
    api.check_delegation(
        second, approve=True, reason="", papers=["戸籍"], scope="field", values=["税"], actor=CHIEF, at=AT
    )
    states = {item.row.pk: item.state for item in api.held_by(taro, at=AT)}
    assert (states[first.pk], states[second.pk]) == ("refused", "in_force")
    with pytest.raises(NotAllowed) as refused:
        api.mandate_for(taro, second.ref, [ASKED], at=AT)
    assert refused.value.code == "delegation.out_of_scope"


def test_strangers_see_nothing_and_end_nothing(hanako: Actor, taro: Actor) -> None:
    row, stranger = accepted(hanako, taro), resident("jiro")
    with pytest.raises(NotFound):
        api.delegation_for(stranger, row.pk, at=AT)
    with pytest.raises(NotFound):
        api.mandate_for(stranger, row.ref, [ASKED], at=AT)
    with pytest.raises(NotFound):
        api.mandate_for(hanako, row.ref, [ASKED], at=AT)
    with pytest.raises(NotAllowed):
        api.end_delegation(row, actor=stranger, at=AT)
    with pytest.raises(NotFound):
        api.mandate_for(taro, "delegation:nonsense", [ASKED], at=AT)


def test_what_is_given_cannot_be_requested_nor_the_other_way(hanako: Actor) -> None:
    with pytest.raises(InvalidInput):
        api.offer_delegation(wish("parental"), actor=hanako, at=AT)
    with pytest.raises(InvalidInput):
        api.request_delegation(wish(delegate_name="x"), actor=hanako, at=AT)
    with pytest.raises(NotAllowed):
        api.offer_delegation(wish(), actor=CHIEF, at=AT)


def test_events_are_only_added(hanako: Actor, taro: Actor) -> None:
    accepted(hanako, taro)
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        DelegationEvent.objects.update(kind="revoked")
