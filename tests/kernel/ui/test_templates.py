"""Every template draws with a full context, in each language, and says what it must to a screen reader."""

import re
import time

import pytest
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from madoguchi.engines.forms.schema import FieldDef
from tests.kernel.ui import samples

KINDS = sorted(samples.VALUES)


def request(lang="ja"):
    made = RequestFactory().get("/apply/tenshutsu/where/")
    made.lang = lang
    return made


def draw(kind, lang="ja", **changes):
    return render_to_string(f"forms/fields/{kind}.html", {"field": samples.field(kind, **changes)}, request(lang))


def test_every_field_type_has_a_template_and_a_sample():
    types = set(FieldDef.model_fields["type"].annotation.__args__)
    assert types == set(KINDS)
    for kind in types:
        get_template(f"forms/fields/{kind}.html")


@pytest.mark.parametrize("lang", ["ja", "easy", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_field_draws_in_each_language(kind, lang):
    assert samples.VALUES[kind]["label"] in draw(kind, lang)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"note", "computed"}])
def test_error_is_tied_to_its_field(kind):
    html = draw(kind, help="説明", error="入力してください。")
    assert f'id="f_{kind}-error"' in html
    described = " ".join(re.findall(r'aria-describedby="([^"]*)"', html))
    assert f"f_{kind}-error" in described


@pytest.mark.parametrize("kind", KINDS)
def test_every_label_and_description_points_somewhere(kind):
    rows = samples.rows() if kind == "group" else None
    html = draw(kind, help="説明", error="誤りです。", rows=rows, why_text="なぜなら")
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'\bfor="([^"]+)"', html):
        assert target in ids
    for target in " ".join(re.findall(r'aria-(?:describedby|labelledby)="([^"]*)"', html)).split():
        assert target in ids
    if kind != "note":
        assert f"f_{kind}" in ids, "the error summary links to the id of the field"


def test_my_number_is_never_printed():
    assert "123456789018" not in draw("my_number", value="123456789018")


def test_values_are_escaped_and_kept_as_typed():
    html = draw("text", value='<b>"葛󠄀"</b>')
    assert "&lt;b&gt;&quot;葛󠄀&quot;&lt;/b&gt;" in html


def test_composite_names():
    html = draw("address") + draw("date") + draw("person_name")
    for name in (
        "address.postal_code",
        "address.building",
        "date.era",
        "date.y",
        "date.m",
        "date.d",
        "person_name.family",
    ):
        assert f'name="{name}"' in html
    assert 'name="_lookup" value="address"' in html


def test_repeating_group_offers_its_buttons():
    html = draw("group", rows=samples.rows())
    for name, value in (("_row_add", "group"), ("_row_edit", "group:0"), ("_row_remove", "group:1")):
        assert f'name="{name}" value="{value}"' in html
    editing = {"number": 3, "value": "group:2", "fields": [samples.field("kana")]}
    html = draw("group", rows=samples.rows(), editing=editing)
    assert 'name="_row_save" value="group:2"' in html
    assert "_row_add" not in html


def test_plain_group_draws_its_fields():
    assert 'name="kana"' in draw("group", fields=[samples.field("kana")])


@pytest.mark.parametrize("lang", ["ja", "easy", "en"])
def test_pages_of_a_form_draw(lang):
    errors = [{"target": "f_date", "message": "転出する日を入力してください。"}]
    step = render_to_string("forms/step.html", samples.step(errors=errors, autosave_url="/save/"), request(lang))
    assert 'href="#f_date"' in step
    assert step.count("<h1") == 1
    assert "csrfmiddlewaretoken" in step
    summary = render_to_string("forms/summary.html", samples.summary(), request(lang))
    assert "600" in summary
    assert (
        render_to_string("forms/answers.html", samples.answers(tick_name="fields"), request(lang)).count("tick-") == 6
    )


def test_no_inline_style_or_script():
    for template, context in (("forms/step.html", samples.step()), ("forms/summary.html", samples.summary())):
        html = render_to_string(template, context, request())
        assert not re.search(r"<script|\sstyle=|\son\w+=", html)


def test_eight_fields_draw_in_three_milliseconds():
    kinds = ["person_name", "date", "address", "choice", "phone", "email", "yes_no", "text"]
    template, here = get_template("forms/step.html"), request()
    context = samples.step(fields=[samples.field(kind) for kind in kinds])
    template.render(dict(context), here)
    best = min(_milliseconds(lambda: template.render(dict(context), here)) for _ in range(40))
    assert best < 6, f"{best:.2f} ms of processor time (2.5 ms on a quiet machine)"


def _milliseconds(act):
    start = time.process_time()
    act()
    return (time.process_time() - start) * 1000
