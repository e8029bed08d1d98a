"""My page: drafts, cases and messages of a signed-in resident."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from madoguchi.engines.casework.api import (
    RESIDENT_SIDE,
    Case,
    bundles_of_applicant,
    cases_filed_by,
    cases_of_applicant,
    definition_of,
    unread_messages,
)
from madoguchi.engines.forms import api as forms
from madoguchi.engines.identity.api import Delegation, delegations_by_ref, refs_in_force, resident_email
from madoguchi.engines.notices.api import feed, feed_item, mark_read, owner_of, ways_of
from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of, resident_required
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.l10n import LocalText
from madoguchi.kernel.ui.language import lang_of
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.catalogue.api import get_procedure
from madoguchi.rooms.portal.views.browse import crumbs, draft_crumb

SHOWN = 50


@resident_required
def home(request: HttpRequest) -> HttpResponse:
    """Show what is on its way, what was handed in, and the messages."""
    actor, at = actor_of(request), clock.now()
    lang = lang_of(request)
    drafts = [
        {
            "title": draft_crumb(draft)[0],
            "at": draft.updated_at,
            "until": draft.expires_at,
            "id": draft.id,
        }
        for draft in forms.drafts_of(actor.ref, at=at)
    ]
    mine = list(cases_of_applicant(actor.ref)[:SHOWN])
    filed = list(cases_filed_by(actor.ref, refs_in_force(actor, at=at))[:SHOWN])
    unread = unread_messages([*mine, *filed], side=RESIDENT_SIDE)
    representatives = delegations_by_ref({case.mandate for case in mine})
    context = {
        "drafts": drafts,
        "cases": [_row(case, unread, representatives) for case in mine],
        "filed": [_row(case, unread, {}) for case in filed],
        "bundles": bundles_of_applicant(actor.ref),
        "messages_list": feed(int(actor.id)),
        "broken_ways": any(
            way.state == "broken"
            for way in ways_of(owner_of(account_id=int(actor.id)), email=resident_email(int(actor.id)))
        ),
        "crumbs": crumbs(request, (text("portal.mypage.title", lang), "")),
    }
    return render(request, "portal/mypage.html", context)


def _row(case: Case, unread: Mapping[int, int], representatives: Mapping[str, Delegation]) -> dict[str, Any]:
    """Return a case as my page lists it; who filed it is named when it was somebody else."""
    state = definition_of(case.workflow_version_id).by_state[case.state]
    representative = representatives.get(case.mandate)
    return {
        "case": case,
        "title": _title(case),
        "state": state.public,
        "waiting": state.kind == "waiting_resident",
        "done": state.kind == "done",
        "unread": unread.get(case.pk, 0),
        "filed_by": representative.delegate_name if representative else "",
    }


def _title(case: Case) -> LocalText | str:
    """Return the plain title of a case's procedure in every language; what the case keeps when the procedure is gone."""
    try:
        return get_procedure(case.procedure_id).title
    except NotFound:
        return case.procedure_title


@resident_required
def message(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """Show one message and note that it was read."""
    account_id = int(actor_of(request).id)
    item = feed_item(notice_id, account_id=account_id)
    if item is None:
        raise NotFound("このお知らせは見つかりません。", code="portal.no_message")
    mark_read(notice_id, account_id=account_id, at=clock.now())
    lang = lang_of(request)
    context = {
        "item": item,
        "crumbs": crumbs(request, (text("portal.mypage.title", lang), reverse("portal:mypage")), (item.subject, "")),
    }
    return render(request, "portal/message.html", context)
