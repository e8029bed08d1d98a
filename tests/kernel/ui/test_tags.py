"""Dates, money, localised data, icons, menus and the language of a request."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory

from madoguchi.kernel.access import Actor, staff_required
from madoguchi.kernel.clock import TOKYO
from madoguchi.kernel.l10n import LocalText
from madoguchi.kernel.ui import icons, language, navigation
from madoguchi.kernel.ui.context import frame
from madoguchi.kernel.ui.language import LanguageMiddleware
from madoguchi.kernel.ui.templatetags.ui import nav_items


def draw(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


def test_dates():
    assert draw("{% wareki day %}", day=date(2026, 11, 23)) == "令和8年11月23日"
    assert draw("{% wareki day %}", day="2026-11-23", lang="en") == "23 November 2026"
    assert draw("{% wareki day %}", day=None) == "―"
    assert draw("{% moment at %}", at=datetime(2026, 11, 23, 14, 5, tzinfo=TOKYO)) == "令和8年11月23日 14:05"
    assert draw("{{ day|wareki_short }}", day=date(2026, 11, 23)) == "R8.11.23"
    assert draw("{{ day|iso }}", day=date(2026, 11, 23)) == "2026-11-23"


def test_money():
    assert draw("{% yen n %}", n=1234) == "1,234円"
    assert draw("{% yen n %}", n=1234, lang="en") == "1,234 yen"
    assert draw("{% yen n %}", n=None) == "―"


def test_localised_data_falls_back_to_japanese():
    text = LocalText(ja="転出届", en="Moving out")
    assert draw('{{ text|l10n:"en" }}', text=text) == "Moving out"
    assert draw('{{ text|l10n:"easy" }}', text=text) == "転出届"
    assert draw("{{ text|l10n }}", text="ただの文") == "ただの文"
    assert draw("{{ text|l10n }}", text=None) == ""


def test_phrases_are_broken_and_escaped():
    assert draw("{{ text|budoux }}", text="今日は<b>よい天気です") == "今日は<wbr>&lt;b&gt;よい<wbr>天気です"


def test_icons_are_well_formed_and_hidden():
    for name in icons.icon_bodies():
        assert 'aria-hidden="true"' in icons.icon(name)
    assert icons.icon("none-such") == icons.icon(icons.DEFAULT)


@pytest.mark.parametrize(
    ("path", "cookie", "lang"),
    [
        ("/?lang=en", "", "en"),
        ("/", "easy", "easy"),
        ("/?lang=xx", "", "ja"),
        ("/staff/?lang=en", "en", "ja"),
    ],
)
def test_language_of_a_request(path, cookie, lang):
    seen = []

    def view(request):
        seen.extend([request.lang, language.current_lang()])
        return HttpResponse()

    request = RequestFactory().get(path)
    request.COOKIES["lang"] = cookie
    response = LanguageMiddleware(view)(request)
    assert seen == [lang, lang]
    assert ("lang" in response.cookies) == (path == "/?lang=en")
    assert language.current_lang() == "ja"


def test_views_for_staff_are_japanese_wherever_they_lie():
    @staff_required("desk.view")
    def view(request):
        return HttpResponse()

    request = RequestFactory().get("/desk/?lang=en")
    middleware = LanguageMiddleware(lambda request: middleware.process_view(request, view, (), {}) or HttpResponse())
    middleware(request)
    assert request.lang == "ja"
    assert language.current_lang() == "ja"


def test_language_links_keep_the_query():
    request = RequestFactory().get("/search/", {"q": "転出", "lang": "en"})
    request.lang = "en"
    links = language.language_links(request, ["ja", "easy", "en"])
    assert [link["code"] for link in links] == ["ja", "easy", "en"]
    assert all("q=%E8%BB%A2%E5%87%BA" in link["url"] for link in links)
    assert [link["current"] for link in links] == [False, False, True]


@pytest.fixture
def menu(monkeypatch):
    fresh = navigation.Registry("メニュー")
    monkeypatch.setattr(navigation, "_items", fresh)
    monkeypatch.setattr(navigation, "_url", lambda name: f"/staff/{name}/")
    return navigation.register_nav


def test_menu_hides_what_the_actor_may_not_open(menu):
    menu(navigation.NavItem("b", "staff", "指標", "indicators", permission="indicators.view", order=20))
    menu(navigation.NavItem("a", "staff", "受付箱", "queue", permission="desk.view", order=10))
    menu(navigation.NavItem("c", "staff", "秘密", "secret", permission="secret.view"))
    clerk = Actor("staff", "1", permissions=frozenset({"desk.view", "indicators.view"}))
    assert [item.label for item, _ in navigation.nav_items("staff", clerk)] == ["受付箱", "指標"]
    assert navigation.nav_items("staff", None) == []


def test_current_entry_is_the_longest_match(menu):
    menu(navigation.NavItem("a", "staff", "受付箱", "queue"))
    menu(navigation.NavItem("b", "staff", "指標", "queue/figures"))
    request = RequestFactory().get("/staff/queue/figures/1/")
    context = Context({"actor": None})
    context.request = request
    assert [entry["current"] for entry in nav_items(context, "staff")] == [False, True]


def test_kinds_limit_an_entry(menu):
    menu(navigation.NavItem("a", "portal_account", "マイページ", "mypage", kinds=frozenset({"resident"})))
    assert navigation.nav_items("portal_account", Actor("guest", "1")) == []
    assert len(navigation.nav_items("portal_account", Actor("resident", "1"))) == 1


def test_frame_survives_without_a_municipality():
    request = SimpleNamespace(lang="ja")
    assert frame(request)["html_lang"] == "ja"
