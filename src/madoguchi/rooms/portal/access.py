"""The only loaders the portal's views use: a draft or a case is given only to who may see it.

A guest holds a signed, HTTP-only cookie that names the drafts started and the cases opened in this browser; a signed-in
resident also sees what belongs to the account. What a member of staff asked for (channel ``internal``) is shown to that
person only, whatever keys a browser holds; what a representative asked for, to both parties' accounts only. Whatever may not be seen answers like what does not exist.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from madoguchi.engines.casework.api import Bundle, Case
from madoguchi.engines.forms.api import Draft, LoadedDraft, Submission, load_draft
from madoguchi.kernel import clock
from madoguchi.kernel.access import Actor, act_under, actor_of
from madoguchi.kernel.errors import InvalidInput, NotFound
from madoguchi.rooms.portal import services
from madoguchi.rooms.portal.acting import (
    ENTRY_RIGHT,
    entry_mandate,
    is_delegated,
    is_entry,
    mandate_in,
    may_follow,
)

COOKIE = "mdg_keys"
SALT = "portal.keys"
MAX_KEYS = 12
COOKIE_DAYS = 30


@dataclass
class Keys:
    """What this browser may open: draft ids and case numbers, newest last."""

    drafts: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)


def keys_of(request: HttpRequest) -> Keys:
    """Return the browser's keys; a cookie that was altered counts as none."""
    found: Keys | None = getattr(request, "_portal_keys", None)
    if found is None:
        found = Keys()
        try:
            raw: Any = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_DAYS * 86_400)
            found = Keys([str(item) for item in raw.get("d", [])], [str(item) for item in raw.get("c", [])])
        except (signing.BadSignature, AttributeError):
            found = Keys()
        request._portal_keys = found  # type: ignore[attr-defined]
    return found


def hand_keys(
    request: HttpRequest, response: HttpResponse, *, draft: uuid.UUID | None = None, case: str = ""
) -> HttpResponse:
    """Add a draft or a case to the browser's keys and set the cookie."""
    keys = keys_of(request)
    if draft is not None and str(draft) not in keys.drafts:
        keys.drafts = [*keys.drafts, str(draft)][-MAX_KEYS:]
    if case and case not in keys.cases:
        keys.cases = [*keys.cases, case][-MAX_KEYS:]
    value = signing.dumps({"d": keys.drafts, "c": keys.cases}, salt=SALT, compress=True)
    response.set_cookie(
        COOKIE, value, max_age=COOKIE_DAYS * 86_400, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return response


def drop_keys(response: HttpResponse) -> HttpResponse:
    """Forget all keys (a shared computer)."""
    response.delete_cookie(COOKIE)
    return response


def get_draft(request: HttpRequest, draft_id: uuid.UUID, *, at: dt.datetime) -> LoadedDraft:
    """Return a draft the visitor may edit (one SQL statement for guests). Raises NotFound."""
    holds = str(draft_id) in keys_of(request).drafts
    if not holds and actor_of(request).kind == "guest":
        raise _no_draft()
    loaded = load_draft(draft_id, at=at)
    if loaded.draft.channel == services.INTERNAL or loaded.draft.mandate:
        holds = False
    if _in_hand(actor_of(request), loaded.draft):
        act_under(request, entry_mandate(loaded.draft.channel, loaded.draft.owner_ref))
        return loaded
    if not holds and loaded.draft.owner_ref != actor_of(request).ref:
        raise _no_draft()
    if loaded.draft.mandate:
        act_under(request, mandate_in(actor_of(request), loaded.draft.mandate, loaded.draft.procedure_id, at=at))
    return loaded


def demand_files(request: HttpRequest, draft_id: uuid.UUID) -> None:
    """Raise NotFound unless the visitor may read the files of this draft: its own, or those of a part of it."""
    if str(draft_id) not in keys_of(request).drafts:
        parent = load_draft(draft_id, at=clock.now()).draft.parent_id
        get_draft(request, parent or draft_id, at=clock.now())


def _in_hand(actor: Actor, draft: Draft) -> bool:
    """Tell whether a member of staff has this draft in hand for a resident (聞き取り)."""
    return actor.is_staff and draft.holder_ref == actor.ref and actor.may(ENTRY_RIGHT)


def frame_of(request: HttpRequest) -> str:
    """Return the frame of the pages of an application: the residents', or that of staff who ask and write."""
    return "portal/entry_base.html" if is_entry(actor_of(request)) else "portal/base.html"


def demand_draft(request: HttpRequest, draft_id: uuid.UUID) -> None:
    """Raise NotFound unless the visitor may hand this draft in (no SQL for who holds its key)."""
    if str(draft_id) not in keys_of(request).drafts:
        get_draft(request, draft_id, at=clock.now())


def not_too_often(key: str, *, limit: int, seconds: int) -> None:
    """Raise InvalidInput when something was done more than *limit* times within *seconds* (per process)."""
    name = f"portal.often.{key}"
    cache.add(name, 0, seconds)
    if cache.incr(name) > limit:
        raise InvalidInput(
            "短い間に何通も送られたため、しばらく受け付けません。",
            code="portal.too_often",
            mend="書いた内容は残っています。時間をおいてから送ってください。",
        )


def _no_draft() -> NotFound:
    return NotFound(
        "この申請の下書きは、このブラウザーでは開けません。",
        code="portal.no_draft",
        mend="控えてある再開コードを「申請の続きをする」に入力してください。",
    )


def get_case(request: HttpRequest, number: str) -> Case:
    """Return a case the visitor may see. Raises NotFound."""
    case = Case.objects.select_related("submission", "bundle").filter(number=number).first()
    if case is not None and _may_see(request, case):
        return case
    raise _no_case()


def _no_case() -> NotFound:
    return NotFound(
        "この受付番号の申請は、このブラウザーでは開けません。",
        code="portal.no_case",
        mend="受付番号と照会コードを「状況を確かめる」に入力してください。",
    )


def get_bundle(request: HttpRequest, number: str) -> Bundle:
    """Return what was handed in together, for who may see it: the account, the representative who filed it, or a browser
    that holds one of its keys. Raises NotFound."""
    bundle = Bundle.objects.select_related("submission").filter(number=number).first()
    if bundle is not None and _may_see_bundle(request, bundle):
        return bundle
    raise _no_case()


def _may_see_bundle(request: HttpRequest, bundle: Bundle) -> bool:
    actor, held = actor_of(request), keys_of(request).cases
    if actor.kind == "resident" and bundle.applicant_ref == actor.ref:
        return True
    if is_delegated(bundle.submission.mandate):
        return _follows(request, bundle)
    return bundle.number in held or bundle.cases.filter(number__in=held).exists()


def _follows(request: HttpRequest, filed: Case | Bundle) -> bool:
    """Let the representative who filed this act under their mandate; tell whether it holds."""
    mandate = may_follow(actor_of(request), filed, at=clock.now())
    if mandate is not None:
        act_under(request, mandate)
    return mandate is not None


def get_payable(request: HttpRequest, number: str) -> Case | Bundle:
    """Return what a charge may be raised for: a case, or what was handed in together. Raises NotFound."""
    return get_bundle(request, number) if number.startswith("M") else get_case(request, number)


def _may_see(request: HttpRequest, case: Case) -> bool:
    actor = actor_of(request)
    if actor.kind in {"resident", "staff"} and case.applicant_ref == actor.ref:
        return True
    if is_delegated(case.mandate):
        return _follows(request, case)
    held = keys_of(request).cases
    known = case.number in held or (case.bundle is not None and case.bundle.number in held)
    return case.channel != services.INTERNAL and known


def applicant_of(request: HttpRequest, case: Case | Bundle) -> Actor:
    """Return who acts as the applicant of a case (or bundle) that was given out here.

    A member of staff who holds the key of a resident's case (a guest's browser at work) acts as that guest.
    """
    actor = actor_of(request)
    if actor.kind == "staff" and actor.ref != case.applicant_ref:
        return Actor(kind="guest", id=case.number)
    return actor


def reads_as_applicant(request: HttpRequest, case: Case) -> bool:
    """Tell whether who looks at a case is the applicant: not staff who hold a guest's key in their browser."""
    actor = actor_of(request)
    return actor.kind != "staff" or actor.ref == case.applicant_ref


def case_of_draft(draft: Draft) -> Case | None:
    """Return the case a draft became, or None while it is not handed in."""
    submission = Submission.objects.select_related("case").filter(draft_id=draft.id).first()
    return submission.case if submission is not None else None
