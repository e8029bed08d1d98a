"""The pages of the forms: who may see them, what they show, and what wrong numbers in the address answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.support.staff import signed_in

from madoguchi.engines.forms.api import FormVersion
from madoguchi.engines.identity.models import Account, StaffPost
from madoguchi.kernel import municipality
from madoguchi.rooms.catalogue import form_versions

from .conftest import AT, FORM

LIST, PAGE, COMPARE = "/staff/forms/", f"/staff/forms/{FORM}/", f"/staff/forms/{FORM}/compare/"
Staff = Callable[[str], Client]


@pytest.mark.parametrize("url", [LIST, PAGE, COMPARE])
def test_only_staff_enter(town: None, url: str) -> None:
    response = Client().get(url)
    assert response.status_code == 302
    assert response["Location"].startswith("/staff/signin/?next=")


@pytest.mark.parametrize("url", [LIST, PAGE, COMPARE])
def test_staff_without_a_post_are_refused(town: None, url: str) -> None:
    account = Account.objects.get(kind="staff", login="jumin")
    StaffPost.objects.filter(account=account).delete()
    assert signed_in(account).get(url).status_code == 403


@pytest.mark.parametrize("url", [LIST, PAGE, COMPARE])
def test_nothing_can_be_posted(staff: Staff, url: str) -> None:
    assert staff("jumin").post(url).status_code == 405


def test_every_role_may_see_the_forms(town: None) -> None:
    roles = municipality.current().section("roles")
    assert [role["id"] for role in roles if "catalogue.view" not in role["permissions"]] == []


def test_the_list_names_every_form_with_its_procedures(staff: Staff) -> None:
    response = staff("jumin").get(LIST)
    shown = {item.form_id: item for item in response.context["forms"]}
    assert set(shown) == set(FormVersion.objects.values_list("form_id", flat=True))
    assert shown[FORM].versions == 1
    assert shown[FORM].procedures
    assert shown[FORM].sections
    page = response.content.decode()
    assert f'href="{PAGE}"' in page
    assert f'href="{LIST}"' in page


def test_the_list_is_searched_by_form_procedure_and_section(staff: Staff) -> None:
    client = staff("jumin")
    everything = client.get(LIST).context["forms"]
    form = next(item for item in everything if item.form_id == FORM)
    for query in (form.title, form.procedures[0], form.sections[0], FORM.upper()):
        assert FORM in {item.form_id for item in client.get(LIST, {"q": query}).context["forms"]}, query
    none = client.get(LIST, {"q": "ありえない言葉"})
    assert none.context["forms"] == []
    assert "当てはまる様式はありません" in none.content.decode()


def test_the_list_costs_as_many_statements_whatever_its_length(
    staff: Staff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = staff("jumin")
    client.get(LIST)
    with django_assert_max_num_queries(4):
        client.get(LIST)


def test_the_page_of_a_form_lists_its_versions(staff: Staff, second_version: FormVersion) -> None:
    response = staff("jumin").get(PAGE)
    assert [(new.number, old and old.number) for new, old in response.context["versions"]] == [(2, 1), (1, None)]
    assert response.context["in_force"].number == 1
    page = response.content.decode()
    assert f'href="{COMPARE}?old=1&amp;new=2"' in page
    assert "令和9年4月1日" in page
    assert "0件" in page
    listed = next(item for item in staff("jumin").get(LIST).context["forms"] if item.form_id == FORM)
    assert (listed.versions, str(listed.in_force_since), str(listed.next_from)) == (2, "2026-04-01", "2027-04-01")


def test_versions_cost_few_statements(
    staff: Staff, second_version: FormVersion, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = staff("jumin")
    for url in (PAGE, COMPARE):
        client.get(url)
        with django_assert_max_num_queries(4):
            client.get(url)


def test_the_latest_two_are_compared_unless_others_are_asked_for(staff: Staff, second_version: FormVersion) -> None:
    client = staff("jumin")
    plain, asked = client.get(COMPARE), client.get(COMPARE, {"old": "１", "new": "2"})
    for response in (plain, asked):
        found = response.context["comparison"]
        assert (found.old.number, found.new.number) == (1, 2)
    page = plain.content.decode()
    for word in ("新しい質問の文", "受付方法が『窓口』のときは必須", "連絡したいこと", "削除", "令和9年4月1日"):
        assert word in page, word
    back = client.get(COMPARE, {"old": "2", "new": "1"}).context["comparison"]
    assert {word: n for _, word, n in back.counts}["追加"] == 1


def test_the_same_version_has_no_difference(staff: Staff, second_version: FormVersion) -> None:
    assert "同じ版を選んでいます" in staff("jumin").get(COMPARE, {"old": "2", "new": "2"}).content.decode()


def test_a_single_version_has_nothing_to_compare_with(staff: Staff) -> None:
    assert "版は一つだけ" in staff("jumin").get(COMPARE).content.decode()


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ({"old": "x"}, 422, "比べる版の番号を読み取れません"),
        ({"new": "-1"}, 422, "1、2のような数字"),
        ({"new": "9" * 40}, 422, "比べる版の番号を読み取れません"),
        ({"old": "²"}, 422, "読み取れません"),
        ({"old": "7"}, 404, "この様式に第7版はありません"),
        ({"new": "0"}, 404, "第1版から第2版まで"),
    ],
)
def test_wrong_numbers_are_explained(
    staff: Staff, second_version: FormVersion, query: dict[str, Any], status: int, words: str
) -> None:
    response = staff("jumin").get(COMPARE, query)
    assert response.status_code == status
    assert words in response.content.decode()


@pytest.mark.parametrize("url", ["/staff/forms/nowhere/", "/staff/forms/nowhere/compare/"])
def test_an_unknown_form_is_not_found(staff: Staff, url: str) -> None:
    response = staff("jumin").get(url)
    assert response.status_code == 404
    assert "この様式は見つかりません" in response.content.decode()


def test_what_is_typed_is_not_taken_for_markup(staff: Staff) -> None:
    assert "<script>alert" not in staff("jumin").get(LIST, {"q": "<script>alert(1)</script>"}).content.decode()


def test_the_version_in_force_follows_the_day(second_version: FormVersion) -> None:
    versions = form_versions.known_versions(FORM)
    early, late = AT.date().replace(year=2025), AT.date().replace(year=2027)
    assert form_versions.in_force(versions, day=early) is None
    assert getattr(form_versions.in_force(versions, day=late), "number", None) == 2
