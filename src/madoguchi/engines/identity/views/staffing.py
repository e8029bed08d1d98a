"""Pages with which administrators change staff: invite somebody, give or end a post, reset a second factor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of
from madoguchi.kernel.errors import Conflict, DomainError, InvalidInput

from ..invitations import invitation_address
from ..people import Person, PersonPost, person_of, posts_of
from ..rules import COLUMNS, Fault, read_day, read_post, read_staff_row
from ..selectors import office_today
from ..services import FACTOR_REASONS, add_post, end_post, register_staff, reset_second_factor
from .guards import elevation_required

_METHODS = ["GET", "HEAD", "POST"]


@elevation_required
@never_cache
@require_http_methods(_METHODS)
def invite(request: HttpRequest) -> HttpResponse:
    """Register somebody with a first post; then show the address of the invitation once."""
    values = _typed(request)
    faults: list[Fault] = []
    if request.method == "POST":
        row, faults = read_staff_row(values, office_today())
        if row is not None:
            try:
                account, token = register_staff(row, actor=actor_of(request), at=clock.now())
            except Conflict as error:
                faults = [_fault(error, "login")]
            else:
                context = {"account": account, "address": invitation_address(account, token)}
                return render(request, "identity/invited.html", context)
    else:
        values["valid_from"] = clock.today().isoformat()
    return _form(request, "identity/invite.html", values, faults, {})


@elevation_required
@never_cache
@require_http_methods(_METHODS)
def post_new(request: HttpRequest, login: str) -> HttpResponse:
    """Give a member of staff a further post."""
    person, values = _person(request, login), _typed(request)
    faults: list[Fault] = []
    if request.method == "POST":
        post, faults = read_post(values, office_today())
        if post is not None:
            try:
                add_post(person.account, post=post, actor=actor_of(request), at=clock.now())
            except Conflict as error:
                faults = [_fault(error, "valid_from")]
            else:
                messages.success(request, "職を加えました。")
                return redirect("identity:person", login=person.account.login)
    else:
        values["valid_from"] = clock.today().isoformat()
    return _form(request, "identity/post_new.html", values, faults, {"person": person})


@elevation_required
@never_cache
@require_http_methods(_METHODS)
def post_end(request: HttpRequest, login: str, post_id: int) -> HttpResponse:
    """End a post on a day."""
    person, values = _person(request, login), _typed(request)
    faults: list[Fault] = []
    post = _post(request, person, post_id)
    if request.method == "POST":
        last_day, faults = read_day("valid_to", values)
        if last_day is not None:
            try:
                end_post(person.account, post_id, last_day=last_day, actor=actor_of(request), at=clock.now())
            except (InvalidInput, Conflict) as error:
                faults = [_fault(error, "valid_to")]
            else:
                messages.success(request, "職の終了日を登録しました。")
                return redirect("identity:person", login=person.account.login)
    elif post.post.valid_to:
        values["valid_to"] = post.post.valid_to.isoformat()
    return _form(request, "identity/post_end.html", values, faults, {"person": person, "post": post.post})


@elevation_required
@never_cache
@require_http_methods(_METHODS)
def factors(request: HttpRequest, login: str) -> HttpResponse:
    """Take away somebody's second factors, with a reason."""
    person, reason, fault = _person(request, login), request.POST.get("reason", ""), ""
    status = 200
    if request.method == "POST":
        try:
            mailed = reset_second_factor(person.account, reason=reason, actor=actor_of(request), at=clock.now())
        except (InvalidInput, Conflict) as error:
            fault, status = str(error), error.http_status
        else:
            told = (
                "本人にメールで知らせました。" if mailed else "メールアドレスがないので、本人に直接知らせてください。"
            )
            messages.success(request, f"二段階認証をリセットしました。{told}")
            return redirect("identity:person", login=person.account.login)
    context = {
        "person": person,
        "reasons": FACTOR_REASONS.items(),
        "reason": reason,
        "fault": fault,
        "errors": [{"target": "reason", "message": fault}] if fault else [],
    }
    return render(request, "identity/factors.html", context, status=status)


def _person(request: HttpRequest, login: str) -> Person:
    return person_of(login, actor=actor_of(request), day=clock.today())


def _post(request: HttpRequest, person: Person, post_id: int) -> PersonPost:
    for held in posts_of(person.account, actor=actor_of(request), day=clock.today()):
        if held.post.pk == post_id:
            return held
    raise Http404


def _typed(request: HttpRequest) -> dict[str, str]:
    return {column: request.POST.get(column, "") for column in COLUMNS}


def _fault(error: DomainError, column: str) -> Fault:
    return Fault(str(error.context.get("column", column)), error.message_ja, error.mend)


def _form(
    request: HttpRequest, template: str, values: Mapping[str, str], faults: Iterable[Fault], extra: Mapping[str, Any]
) -> HttpResponse:
    by_column: dict[str, Fault] = {}
    for fault in faults:
        by_column.setdefault(fault.column, fault)
    office = office_today()
    context = {
        "values": values,
        "faults": by_column,
        "errors": [{"target": column, "message": str(fault)} for column, fault in by_column.items()],
        "departments": office.departments.items(),
        "roles": office.roles.items(),
        **extra,
    }
    return render(request, template, context, status=422 if by_column else 200)
