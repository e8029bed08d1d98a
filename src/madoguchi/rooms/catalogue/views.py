"""The staff's pages of the forms: all forms, the versions of one, how two versions differ.

Owns requests and answers only. Every page but the blank paper needs ``catalogue.view``; nothing is changed, no personal data is shown.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from madoguchi.engines.forms.api import blank_sheet_pdf, sheet_of
from madoguchi.kernel.access import public, staff_required
from madoguchi.kernel.clock import now, today
from madoguchi.rooms.catalogue import form_versions

_staff = staff_required("catalogue.view")


@require_GET
@_staff
def forms(request: HttpRequest) -> HttpResponse:
    """List the published forms."""
    query = request.GET.get("q", "")[:200]
    return render(
        request, "catalogue/forms.html", {"forms": form_versions.list_forms(query, day=today()), "query": query}
    )


@require_GET
@_staff
def form(request: HttpRequest, form_id: str) -> HttpResponse:
    """Show the versions of a form."""
    versions = form_versions.known_versions(form_id)
    procedures = form_versions.procedures_by_form().get(form_id, [])
    title, day = form_versions.form_title(versions[0]), today()
    context = {
        "form_id": form_id,
        "title": title,
        "procedures": procedures,
        "sections": form_versions.section_names(procedures),
        "versions": form_versions.neighbours(versions),
        "latest": versions[0],
        "in_force": form_versions.in_force(versions, day=day),
        "day": day,
        "sheet": sheet_of(form_id),
        "crumbs": [_TOP | {"url": reverse("catalogue:forms")}, {"title": title, "url": ""}],
    }
    return render(request, "catalogue/form.html", context)


@require_GET
@public(reason="白紙の様式には、個人の情報がない")
def blank_sheet(request: HttpRequest, form_id: str) -> HttpResponse:
    """Give the blank 様式 of a form as PDF, for the counter and for who writes by hand."""
    response = HttpResponse(blank_sheet_pdf(form_id, at=now()), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{form_id}.pdf"'
    return response


@require_GET
@_staff
def compare(request: HttpRequest, form_id: str) -> HttpResponse:
    """Show how two versions of a form differ: the latest two unless others are asked for."""
    versions = form_versions.known_versions(form_id)
    before = versions[1] if len(versions) > 1 else versions[0]
    old = form_versions.read_number(request.GET.get("old"), versions, default=before)
    new = form_versions.read_number(request.GET.get("new"), versions, default=versions[0])
    title = form_versions.form_title(new)
    context = {
        "form_id": form_id,
        "title": title,
        "versions": versions,
        "comparison": form_versions.compare_versions(old, new),
        "kinds": form_versions.KINDS,
        "crumbs": [
            _TOP | {"url": reverse("catalogue:forms")},
            {"title": title, "url": reverse("catalogue:form", args=[form_id])},
            {"title": "版の比較", "url": ""},
        ],
    }
    return render(request, "catalogue/compare.html", context)


_TOP = {"title": "様式"}
