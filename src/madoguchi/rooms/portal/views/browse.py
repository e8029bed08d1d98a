"""Finding a procedure: home, search, by life event, by department; news, pages, other services. All public, no SQL when warm."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from madoguchi.engines.forms.api import Draft, sheet_of
from madoguchi.kernel.access import public
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.folder_language import texts_of
from madoguchi.kernel.translations import translation_note
from madoguchi.kernel.ui.language import HTML_LANG, lang_of
from madoguchi.kernel.ui.markdown import to_html
from madoguchi.kernel.ui.texts import text
from madoguchi.rooms.catalogue import api as catalogue
from madoguchi.rooms.catalogue.api import Interview, Procedure, get_procedure
from madoguchi.rooms.portal import cards
from madoguchi.rooms.portal.together.naming import interview_of, is_interview

_open = public(reason="誰でも手続を探せる")


def crumbs(request: HttpRequest, *items: tuple[Any, str]) -> list[dict[str, Any]]:
    """Return a breadcrumb that starts at the home page; the last item has no address."""
    home = {"title": text("portal.home.crumb", lang_of(request)), "url": reverse("portal:home")}
    return [home, *({"title": title, "url": url} for title, url in items)]


def procedure_crumb(item: Procedure) -> tuple[Any, str]:
    """Return title and address of where a procedure is started: its page, or the list of internal procedures."""
    if item.audience == "staff":
        return text("portal.internal.title"), reverse("portal:internal")
    return item.title, reverse("portal:procedure", args=[item.id])


def interview_crumb(item: Interview) -> tuple[Any, str]:
    """Return title and address of where an interview is begun: its life event, or the list of guides."""
    if item.life_event is not None:
        return item.title, reverse("portal:life", args=[item.life_event])
    return item.title, reverse("portal:guides")


def draft_crumb(draft: Draft) -> tuple[Any, str]:
    """Return title and address of where a draft was begun."""
    return (
        interview_crumb(interview_of(draft))
        if is_interview(draft)
        else procedure_crumb(get_procedure(draft.procedure_id))
    )


@_open
def home(request: HttpRequest) -> HttpResponse:
    """Show the home page: search, life events, frequent procedures, news, other services."""
    return render(
        request,
        "portal/home.html",
        {
            "events": cards.event_cards(catalogue.life_events()),
            "popular": cards.procedure_cards(catalogue.frequent(9)),
            "services": cards.service_cards(catalogue.services()[:6]),
            "news": catalogue.news_items()[:4],
            "counts": cards.counts(),
        },
    )


@_open
def search(request: HttpRequest) -> HttpResponse:
    """Show the procedures that answer ``q``."""
    query = request.GET.get("q", "")[:100].strip()
    found = catalogue.search_procedures(query) if query else []
    context = {
        "query": query,
        "results": cards.procedure_rows(found, lang_of(request)),
        "events": cards.event_cards(catalogue.life_events()) if not found else [],
        "crumbs": crumbs(request, (text("portal.search.title", lang_of(request)), "")),
    }
    return render(request, "portal/search.html", context)


@_open
def all_procedures(request: HttpRequest) -> HttpResponse:
    """Show every procedure of the ward, by area."""
    wanted = request.GET.get("online", "")
    items = [item for item in catalogue.list_procedures() if not wanted or item.online.status == wanted]
    context = {
        "areas": cards.by_area(items, lang_of(request)),
        "total": len(items),
        "online": wanted,
        "statuses": [(code, text(f"portal.online.{code}", lang_of(request))) for code in catalogue.ONLINE_LABELS],
        "crumbs": crumbs(request, (text("portal.procedures.title", lang_of(request)), "")),
    }
    return render(request, "portal/procedures.html", context)


@_open
def procedure(request: HttpRequest, procedure_id: str) -> HttpResponse:
    """Show one procedure: what, who, papers, fee, days, channels, legal basis, and the ways to apply."""
    item = catalogue.get_procedure(procedure_id)
    if item.audience == "staff":
        raise NotFound("この手続は見つかりません。", code="no_procedure")
    lang = lang_of(request)
    context = {
        "procedure": item,
        "department": catalogue.departments().get(item.department),
        "rows": cards.procedure_facts(item, lang),
        "fee_rows": cards.fee_rows(item, lang),
        "related": cards.procedure_cards(cards.related(item)),
        "form_minutes": cards.form_minutes(item),
        "translation": translation_note((words for _, words in texts_of(item)), lang),
        "paper_form": item.form if item.in_scope and item.form and sheet_of(item.form) else "",
        "crumbs": crumbs(
            request,
            (text("portal.procedures.title", lang), reverse("portal:procedures")),
            (item.title, ""),
        ),
    }
    return render(request, "portal/procedure.html", context)


@_open
def life_list(request: HttpRequest) -> HttpResponse:
    """Show all life events."""
    context = {
        "events": cards.event_cards(catalogue.life_events()),
        "crumbs": crumbs(request, (text("portal.life.title", lang_of(request)), "")),
    }
    return render(request, "portal/life_list.html", context)


@_open
def life(request: HttpRequest, event_id: str) -> HttpResponse:
    """Show the procedures of a life event."""
    event = catalogue.get_life_event(event_id)
    lang = lang_of(request)
    context = {
        "event": event,
        "interviews": [item for item in catalogue.interviews().values() if item.life_event == event.id],
        "areas": cards.by_area(catalogue.procedures_of_event(event_id), lang),
        "crumbs": crumbs(request, (text("portal.life.title", lang), reverse("portal:life_list")), (event.title, "")),
    }
    return render(request, "portal/life.html", context)


@_open
def guides(request: HttpRequest) -> HttpResponse:
    """Show the guides: which procedures are for me?"""
    context = {
        "guides": [item for item in catalogue.interviews().values() if item.kind == "guide"],
        "bundles": [item for item in catalogue.interviews().values() if item.kind == "bundle"],
        "crumbs": crumbs(request, (text("portal.guide.title", lang_of(request)), "")),
    }
    return render(request, "portal/guides.html", context)


@_open
def department_list(request: HttpRequest) -> HttpResponse:
    """Show the sections of the office that residents deal with."""
    context = {
        "groups": cards.department_groups(),
        "crumbs": crumbs(request, (text("portal.departments.title", lang_of(request)), "")),
    }
    return render(request, "portal/departments.html", context)


@_open
def department(request: HttpRequest, department_id: str) -> HttpResponse:
    """Show a section with its procedures."""
    item = catalogue.get_department(department_id)
    lang = lang_of(request)
    context = {
        "department": item,
        "areas": cards.by_area(catalogue.procedures_of_department(department_id), lang),
        "crumbs": crumbs(
            request, (text("portal.departments.title", lang), reverse("portal:departments")), (item.name, "")
        ),
    }
    return render(request, "portal/department.html", context)


@_open
def service_list(request: HttpRequest) -> HttpResponse:
    """Show the ward's other digital services."""
    context = {
        "services": cards.service_cards(catalogue.services()),
        "crumbs": crumbs(request, (text("portal.services.title", lang_of(request)), "")),
    }
    return render(request, "portal/services.html", context)


@_open
def news_list(request: HttpRequest) -> HttpResponse:
    """Show all news, newest first."""
    context = {
        "news": catalogue.news_items(),
        "crumbs": crumbs(request, (text("portal.news.title", lang_of(request)), "")),
    }
    return render(request, "portal/news_list.html", context)


@_open
def news(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one piece of news."""
    item = next((item for item in catalogue.news_items() if item.slug == slug), None)
    if item is None:
        raise NotFound("このお知らせは見つかりません。", code="no_news", mend="お知らせの一覧から選んでください。")
    lang = lang_of(request)
    context = {
        "item": item,
        "html": to_html(item.body),
        "crumbs": crumbs(request, (text("portal.news.title", lang), reverse("portal:news_list")), (item.title, "")),
    }
    return render(request, "portal/news.html", context)


@_open
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one of the ward's own pages in the reader's language, else in Japanese."""
    lang = lang_of(request)
    pages = catalogue.pages()
    item = pages.get((slug, lang)) or pages.get((slug, "ja"))
    if item is None:
        raise NotFound("このページは見つかりません。", code="no_page")
    context = {
        "page": item,
        "html": to_html(item.body),
        "shown_lang": HTML_LANG[item.lang],
        "crumbs": crumbs(request, (item.title, "")),
    }
    return render(request, "portal/page.html", context)
