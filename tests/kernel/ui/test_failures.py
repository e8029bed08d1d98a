"""Refusals in words: each language has its own, the Japanese is the error's own, faults and refused methods have pages."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path

from madoguchi.kernel.access import public
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.l10n import LANGUAGES
from madoguchi.kernel.ui import failures, texts

SOURCE = Path(__file__).parents[3] / "src" / "madoguchi"
PREFIX = "refusal."


@public(reason="test")
def fault(request: HttpRequest) -> HttpResponse:
    """Fail as a fault of the system does, with a person's name in the message."""
    raise RuntimeError("杉並花子")


urlpatterns = [path("fault/", fault)]
handler400 = "madoguchi.kernel.ui.failures.bad_request"
handler500 = "madoguchi.kernel.ui.failures.server_error"


def _said() -> dict[str, set[str]]:
    """Return the plain texts that the sources give with each code of an error."""
    found: dict[str, set[str]] = {}
    for source in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                words = {word.arg: word.value for word in node.keywords if isinstance(word.value, ast.Constant)}
                if "code" in words:
                    plain = [each for each in (*node.args[:1], words.get("mend")) if isinstance(each, ast.Constant)]
                    found.setdefault(str(words["code"].value), set()).update(str(each.value) for each in plain)
    return found


def test_every_refusal_belongs_to_an_error() -> None:
    said = _said()
    keys = [key for key in texts.all_texts() if key.startswith(PREFIX)]
    assert len(keys) > 20
    for key in keys:
        code, _, part = key.removeprefix(PREFIX).rpartition(".")
        assert part in {"message", "mend"}, key
        assert code in said, key
        if part == "mend" or code != "forms.no_draft":
            assert texts.text(key) in said[code], key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_error_without_texts_speaks_the_language_chosen(lang: str) -> None:
    words = failures.words_of(NotFound("見つかりません。", code="no_such_code", mend="探してください。"), lang)
    if lang == "ja":
        assert str(words) == "見つかりません。探してください。"
    else:
        assert words.message == texts.text("common.error_404.message", lang)
        assert words.mend == texts.text("common.error_404.mend", lang)


def test_both_sentences_are_set_apart_in_english() -> None:
    words = failures.words_of(NotFound("", code="no_procedure"), "en")
    assert str(words) == "There is no such procedure. Search for it by its name or in your own words."


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_a_fault_has_a_page_without_what_it_was_about(client: Any) -> None:
    client.raise_request_exception = False
    answer = client.get("/fault/?lang=en")
    assert answer.status_code == 500
    html = answer.content.decode()
    assert 'lang="en"' in html
    assert "Sorry, something went wrong" in html
    assert "杉並" not in html.partition("<main")[2].partition("</main>")[0]
    assert "Traceback" not in html


def test_a_fault_is_told_even_when_the_frame_cannot_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = failures.render_to_string

    def broken(template: str, context: Any = None, request: Any = None) -> str:
        if request is not None:
            raise RuntimeError("no database")
        return drawn(template, context)

    monkeypatch.setattr(failures, "render_to_string", broken)
    request = RequestFactory().get("/")
    request.lang = "easy"  # type: ignore[attr-defined]
    answer = failures.server_error(request)
    assert answer.status_code == 500
    assert "すみません" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "method"), [("/apply/start/x/", "get"), ("/status/", "delete")])
def test_a_refused_method_has_a_page(client: Any, address: str, method: str) -> None:
    answer = getattr(client, method)(address)
    assert answer.status_code == 405
    assert answer["Allow"]
    assert "この操作は受け付けられません" in answer.content.decode()
