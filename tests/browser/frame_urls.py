"""Addresses for testing the frame and the field templates alone, without any room."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import path

from madoguchi.kernel.access import public
from tests.kernel.ui import samples

PORTAL = '{% extends "ui/portal_base.html" %}{% load ui %}{% block title %}見本の画面{% endblock %}{% block content %}'
STAFF = '{% extends "ui/staff_base.html" %}{% load ui %}{% block title %}見本の画面{% endblock %}{% block content %}'
ERRORS = [{"target": "f_date", "message": "転出する日を入力してください。"}]
CHIPS = [(kind, kind) for kind in ("neutral", "progress", "waiting", "done", "returned", "refused", "late")]


def draw(request: HttpRequest, source: str, status: int = 200, **context: Any) -> HttpResponse:
    """Answer with a template given as text."""
    template = engines["django"].from_string(source + "{% endblock %}")
    return HttpResponse(template.render(context, request), status=status)


@public(reason="test")
def step(request: HttpRequest) -> HttpResponse:
    """Show a step; a post without the day comes back with an error, any other goes on."""
    fields = [samples.field(kind) for kind in ("person_name", "date", "choice", "textarea", "consent")]
    if request.method == "POST":
        if request.POST.get("date.d"):
            return HttpResponseRedirect("/sample/summary/")
        fields[1] = samples.field("date", error=ERRORS[0]["message"], value={})
        context = samples.step(fields=fields, errors=ERRORS)
        return draw(request, PORTAL + '{% include "forms/step.html" %}', 422, **context)
    return draw(request, PORTAL + '{% include "forms/step.html" %}', **samples.step(fields=fields))


@public(reason="test")
def fields(request: HttpRequest) -> HttpResponse:
    """Show a field of every type, with and without an error, and a repeating group."""
    shown = [samples.field(kind) for kind in samples.VALUES]
    shown += [
        samples.field(kind, id=f"e_{kind}", help="説明の文です。", error="入力してください。")
        for kind in samples.VALUES
        if kind not in {"note", "computed", "group"}
    ]
    inner = samples.field("kana", id="e_inner")
    shown.append(samples.field("group", id="g_rows", rows=samples.rows()))
    editing = {"number": 3, "value": "group:2", "fields": [inner]}
    shown.append(samples.field("group", id="g_edit", rows=samples.rows(), editing=editing))
    shown += [samples.field(kind, id=f"r_{kind}", readonly=True) for kind in ("text", "choice", "date", "relationship")]
    return draw(request, PORTAL + '{% include "forms/step.html" %}', **samples.step(fields=shown))


@public(reason="test")
def summary(request: HttpRequest) -> HttpResponse:
    """Show the answers before they are sent."""
    return draw(request, PORTAL + '{% include "forms/summary.html" %}', **samples.summary())


@public(reason="test")
def parts(request: HttpRequest) -> HttpResponse:
    """Show the components of the residents' pages."""
    source = PORTAL + (
        '<section class="wd-hero" aria-labelledby="t"><div class="wd-hero__inner">'
        '<h1 class="wd-hero__title" id="t">手続きを、いつでも、どこからでも</h1>'
        '{% include "ui/search_box.html" with action="/" label="手続きをさがす" size="lg" only %}</div></section>'
        '<section class="wd-section" aria-labelledby="c"><h2 class="wd-h2" id="c" data-bar>くらし</h2>'
        '{% include "ui/card_grid.html" with cards=cards size="sm" only %}</section>'
        '<section class="wd-section" aria-labelledby="m"><h2 class="wd-h2" id="m">もの</h2>'
        '{% include "ui/banner.html" with kind="warning" title="お知らせ" body="年末は混み合います。" level=3 only %}'
        '{% for kind, label in chips %}{% include "ui/status_chip.html" with kind=kind label=label only %} {% endfor %}'
        '{% include "ui/description_list.html" with items=terms only %}'
        '{% include "ui/timeline.html" with items=events only %}'
        '{% include "ui/disclosure.html" with summary="代理人でもよいですか" body="はい。" open=1 only %}'
        '{% include "ui/table.html" with caption="件数" head=head rows=rows row_headers=1 only %}'
        '{% include "ui/pagination.html" with next_url="?page=2" shown="1〜20件／45件" only %}</section>'
        '{% include "ui/receipt.html" with ward="見本区" number=number procedure="転出届" at=at sample=1 only %}'
    )
    return draw(
        request,
        source,
        cards=[{"title": "引っ越し", "url": "/a/", "icon": "moving"}, {"title": "介護", "url": "/b/", "icon": "care"}],
        chips=CHIPS,
        terms=[{"term": "手数料", "value": "無料", "sample": True}, {"term": "持ち物", "lines": ["写真", "印鑑"]}],
        events=[
            {"title": "受付", "at": samples.AT, "state": "done"},
            {"title": "審査", "at": samples.AT, "text": "12月1日までに", "state": "current"},
            {"title": "決定", "state": "todo"},
        ],
        head=["手続き", {"label": "件数", "numeric": True}],
        rows=[["転出届", {"text": "12,345", "numeric": True}], [{"text": "住民票", "url": "/c/"}, "9,876"]],
        at=samples.AT,
        number="R08-0012345-7",
    )


@public(reason="test")
def desk(request: HttpRequest) -> HttpResponse:
    """Show the components of the staff's pages."""
    source = STAFF + (
        '<h1 class="wd-h1">受付箱</h1><form class="wd-filters" method="get"><div class="wd-filters__item" data-grow>'
        '<label for="q">ことば</label><input class="wd-input" id="q" name="q" data-shortcut="/"></div>'
        '{% include "ui/button.html" with label="絞り込む" icon="filter" kind="outline" only %}</form>'
        '<p class="wd-bulk"><span class="wd-bulk__count"><span data-tick-count="queue">0</span>件を選択</span></p>'
        '<div class="wd-table-wrap" data-table-scroll tabindex="0" role="region" aria-label="案件の一覧">'
        '<table class="wd-table wd-queue" id="queue"><caption class="wd-visually-hidden">案件</caption><thead><tr>'
        '<th scope="col"><input class="wd-queue__tick" type="checkbox" data-tick-all aria-label="すべて選ぶ"></th>'
        '<th scope="col">受付番号</th><th scope="col">手続き</th><th scope="col">期限</th></tr></thead><tbody>'
        '{% for n in numbers %}<tr><td><input class="wd-queue__tick" type="checkbox" aria-label="{{ n }}を選ぶ"></td>'
        '<th scope="row" class="wd-queue__number"><a href="#main">{{ n }}</a></th><td>転出届</td>'
        '<td class="wd-queue__number">R8.11.30</td></tr>{% endfor %}</tbody></table></div>'
        '<h2 class="wd-h2">答え</h2>{% include "forms/answers.html" with tick_name="fields" %}'
        '{% include "ui/shortcut_help.html" with items=keys only %}'
    )
    numbers = ["R08-0012345-7", "R08-0012346-5"]
    keys = [{"key": "/", "text": "検索"}]
    return draw(request, source, numbers=numbers, keys=keys, **samples.answers())


urlpatterns = [
    path("sample/step/", step),
    path("sample/fields/", fields),
    path("sample/summary/", summary),
    path("sample/parts/", parts),
    path("staff/sample/", desk),
]
