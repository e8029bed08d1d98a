"""Who somebody is today: posts, dates, bureaus, elevation; and what it costs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from madoguchi.engines.identity.models import Account, Elevation, Role, StaffPost
from madoguchi.engines.identity.selectors import actor_for, names_of, staff_of_sections
from madoguchi.engines.identity.services import end_elevation, start_elevation
from madoguchi.kernel.errors import InvalidInput, NotAllowed

from .conftest import AT

pytestmark = pytest.mark.django_db
REASON = "障害の調査のため全庁の案件を確かめる"


def test_a_clerk_sees_only_the_own_section(clerk: Account, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        actor = actor_for(clerk, AT)
    assert actor.ref == f"staff:{clerk.pk}"
    assert actor.sections == {"jumin"}
    assert actor.roles == {"clerk"}
    assert actor.may("desk.work")
    assert not actor.may("desk.all_sections")


def test_a_post_counts_from_its_first_to_its_last_day(clerk: Account) -> None:
    StaffPost.objects.filter(account=clerk).update(valid_from=date(2026, 11, 2), valid_to=date(2026, 11, 2))
    assert actor_for(clerk, AT).sections == {"jumin"}
    for other in (AT - timedelta(days=1), AT + timedelta(days=1)):
        assert actor_for(clerk, other).permissions == frozenset()


def test_a_post_in_a_bureau_covers_its_sections(clerk: Account) -> None:
    StaffPost.objects.filter(account=clerk).update(department_id="jumin_bu")
    assert actor_for(clerk, AT).sections == {"jumin_bu", "jumin", "fukushi"}


def test_posts_add_up(clerk: Account) -> None:
    role = Role.objects.get(id="section_chief")
    StaffPost.objects.create(account=clerk, role=role, department_id="fukushi", valid_from=date(2026, 4, 1))
    actor = actor_for(clerk, AT)
    assert actor.sections == {"jumin", "fukushi"}
    assert actor.roles == {"clerk", "section_chief"}


def test_a_resident_costs_nothing_and_may_nothing(town: None, django_assert_num_queries: Any) -> None:
    resident = Account.objects.create_resident("hanako@example.jp")
    with django_assert_num_queries(0):
        actor = actor_for(resident, AT)
    assert (actor.kind, actor.permissions, actor.sections) == ("resident", frozenset(), frozenset())


def test_an_administrator_has_more_rights_only_while_elevated(town: None) -> None:
    account = Account.objects.get(login="admin")
    plain, raised = actor_for(account, AT), actor_for(account, AT, elevated=True)
    assert not plain.may("desk.all_sections")
    assert raised.may("desk.all_sections")
    assert raised.may("admin.staff")
    assert "jumin" in plain.sections


def test_elevation_wants_the_permission_and_a_reason(town: None, clerk: Account) -> None:
    with pytest.raises(NotAllowed):
        start_elevation(REASON, actor=actor_for(clerk, AT), at=AT)
    admin = actor_for(Account.objects.get(login="admin"), AT)
    with pytest.raises(InvalidInput):
        start_elevation("調査", actor=admin, at=AT)


def test_elevation_runs_out_after_30_minutes_and_a_new_one_takes_its_place(town: None) -> None:
    admin = actor_for(Account.objects.get(login="admin"), AT)
    elevation = start_elevation(REASON, actor=admin, at=AT)
    assert elevation.ends_at == AT + timedelta(minutes=30)
    start_elevation(REASON, actor=admin, at=AT + timedelta(minutes=29))
    assert Elevation.objects.filter(ended_at__isnull=True).count() == 1
    assert end_elevation(actor=admin, at=AT + timedelta(minutes=32)) == 1
    assert end_elevation(actor=admin, at=AT + timedelta(minutes=33)) == 0
    start_elevation(REASON, actor=admin, at=AT + timedelta(minutes=40))
    assert end_elevation(actor=admin, at=AT + timedelta(minutes=70)) == 0


def test_colleagues_are_found_by_section_and_named_by_reference(clerk: Account) -> None:
    colleagues = staff_of_sections({"jumin"}, at=AT)
    assert [one.name for one in colleagues] == ["見本 太郎", "例示 幸子"]
    assert names_of({clerk.ref, "staff:999999", "guest:x"}) == {clerk.ref: "見本 太郎"}
