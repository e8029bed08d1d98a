"""Every page of the studio opens for the clerk of the section, and for nobody of another one."""

from __future__ import annotations

from .conftest import Desk

TABS = [
    "",
    "parts/basics/-/",
    "papers/",
    "fees/",
    "texts/",
    "texts/form/",
    "examples/",
    "compare/",
    "history/",
    "parts/form/-/",
]


def test_every_tab_opens(dog: Desk) -> None:
    for tab in TABS:
        dog.get(tab)
    form = dog.document["form"]
    for step in form["steps"]:
        dog.get(f"steps/{step['id']}/")
        dog.get(f"parts/step/{step['id']}/")
        dog.get(f"texts/{step['id']}/")
        dog.get(f"rules/step/{step['id']}/shown_if/")
        for field in step["fields"]:
            dog.get(f"parts/field/{field['id']}/")
            dog.get(f"rules/field/{field['id']}/shown_if/")
    for fee in form.get("fees", []):
        dog.get(f"parts/fee/{fee['id']}/")
        dog.get(f"rules/fee/{fee['id']}/when/")
    for example in form["examples"]:
        dog.get(f"parts/example/{example['id']}/")
    dog.get("preview/", status=302)
    dog.get(f"preview/{form['steps'][0]['id']}/")
    dog.get("preview/-/")
