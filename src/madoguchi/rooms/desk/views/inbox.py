"""What was told to a member of staff: the feed of the own account."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from madoguchi.engines.notices.api import feed, feed_item, mark_read
from madoguchi.kernel.access import actor_of, staff_required
from madoguchi.kernel.clock import now
from madoguchi.kernel.errors import NotFound


@require_GET
@staff_required("desk.view")
def show_inbox(request: HttpRequest) -> HttpResponse:
    """List the newest notices to the actor."""
    return render(request, "desk/inbox.html", {"items": feed(int(actor_of(request).id))})


@require_GET
@staff_required("desk.view")
def show_notice(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """Show one notice and note that it was read. Raises NotFound for another person's."""
    account_id = int(actor_of(request).id)
    item = feed_item(notice_id, account_id=account_id)
    if item is None:
        raise NotFound("このお知らせは見つかりません。", code="desk.no_notice")
    mark_read(notice_id, account_id=account_id, at=now())
    return render(request, "desk/notice.html", {"item": item})
