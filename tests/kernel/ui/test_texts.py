"""Every text is written in three languages, every used text exists, none lies unused."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError

from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.l10n import LANGUAGES
from madoguchi.kernel.ui import texts

SOURCE = Path(__file__).parents[3] / "src" / "madoguchi"
TEMPLATES = {path: path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.html")}
PYTHON = {path: path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")}
CORPUS = "\n".join([*TEMPLATES.values(), *PYTHON.values()])
DYNAMIC = set(re.findall(r"""f["']((?:[a-z_]+\.)+)\{""", CORPUS)) | {
    "forms.part.",
    "forms.account.",
}


@pytest.fixture
def overrides():
    yield texts.set_overrides
    texts.set_overrides({})


def used(key: str) -> bool:
    """Tell whether a key stands in the source: whole, without its app (``message("error.row")``) or by its start."""
    short = key.partition(".")[2]
    if f'"{key}"' in CORPUS or (key.startswith("forms.") and f'"{short}"' in CORPUS):
        return True
    return any(key.startswith(start) or short.startswith(start) for start in DYNAMIC if start != "forms.")


def test_text_is_written_in_each_language():
    for key, found in texts.all_texts().items():
        missing = set(LANGUAGES) - set(found)
        assert not missing, f"{key}: {missing} が足りません"


def test_no_language_has_a_place_that_japanese_lacks():
    for key, found in texts.all_texts().items():
        places = {lang: set(re.findall(r"\{\w+\}", found.get(lang))) for lang in LANGUAGES}
        assert places["easy"] | places["en"] <= places["ja"], key


def test_every_used_text_exists():
    for path, source in TEMPLATES.items():
        for key in re.findall(r"""\{%\s*t\s+["']([^"']+)["']""", source):
            assert key in texts.all_texts(), f"{path.relative_to(SOURCE)}: {key}"


def test_no_text_lies_unused():
    unused = [key for key in texts.all_texts() if not used(key)]
    assert not unused, unused


def test_places_are_filled_and_escaped():
    html = Template('{% load ui %}{% t "common.step_of" number=number total=4 %}').render(Context({"number": "<2>"}))
    assert html == "全4ステップ中 &lt;2&gt;"


def test_language_of_the_context_decides():
    shown = Template('{% load ui %}{% t "common.search" %}').render(Context({"lang": "en"}))
    assert shown == "Search"


def test_as_puts_the_text_into_the_context():
    shown = Template('{% load ui %}{% t "common.search" as word %}[{{ word }}]').render(Context())
    assert shown == "[検索]"


def test_unknown_text_and_bad_syntax_are_refused():
    with pytest.raises(NotFound):
        Template('{% load ui %}{% t "common.none_such" %}').render(Context())
    with pytest.raises(TemplateSyntaxError):
        Template("{% load ui %}{% t key %}")


def test_ward_replaces_single_languages(overrides):
    overrides({"common.search": {"ja": "さがす"}})
    assert texts.text("common.search") == "さがす"
    assert texts.text("common.search", "en") == "Search"
    with pytest.raises(NotFound):
        overrides({"common.none_such": "x"})
