"""The pages and files: who sees what, in which language, at what cost, marked as samples, with an audit record."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from madoguchi.cli.main import main
from madoguchi.engines.casework.api import Case
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.kernel.csv_files import guarded, to_csv
from madoguchi.kernel.indicators import indicators
from madoguchi.rooms.indicators.api import compute

from .conftest import AT, TODAY

pytestmark = pytest.mark.django_db
OVERVIEW, STAFF = "/indicators/", "/staff/indicators/"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ja", "行政手続オンライン対応状況"),
        ("easy", "インターネットで できる 手続"),
        ("en", "Procedures available online"),
    ],
)
def test_the_public_page_speaks_every_language(town: None, lang: str, words: str) -> None:
    page = Client().get(OVERVIEW, {"lang": lang}).content.decode()
    assert words in page
    assert "wd-sample" in page
    assert page.count('<svg class="wd-chart__canvas"') == 6
    assert "<title" in page
    if lang == "en":
        assert "件" not in page.partition("<main")[2].partition("</main>")[0]


def test_a_warm_public_page_costs_next_to_nothing(
    town: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.get(OVERVIEW)
    with django_assert_max_num_queries(1):
        client.get(OVERVIEW)


@pytest.mark.usefixtures("history")
def test_the_staff_page_costs_at_most_ten_statements_and_the_session(
    sit_down: Callable[..., Client], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sit_down("jumin")
    client.get(STAFF)
    with django_assert_max_num_queries(13):
        assert client.get(STAFF).status_code == 200


def test_the_footer_and_the_staff_menu_lead_here(sit_down: Callable[..., Client]) -> None:
    assert f'href="{OVERVIEW}"' in Client().get("/").content.decode()
    assert f'href="{STAFF}"' in sit_down("jumin").get("/desk/").content.decode()


def test_staff_figures_are_for_staff_with_the_right(sit_down: Callable[..., Client]) -> None:
    assert Client().get("/indicators/open_cases/").status_code == 404
    assert Client().get("/indicators/open_cases/rows/?key=:-").status_code == 404
    assert Client().get("/indicators/open_cases/data.csv").status_code == 404
    assert Client().get(STAFF).status_code == 302
    assert Client().get("/staff/indicators/open_cases/rows/?key=:-").status_code == 302
    client = sit_down("jumin")
    assert client.get("/staff/indicators/open_cases/").status_code == 200
    assert client.get("/staff/indicators/online_status/").status_code == 404
    client.session.flush()
    assert client.get(STAFF).status_code == 302


@pytest.mark.parametrize("item", [key for key in indicators if indicators.get(key).scope == "public"])
def test_every_public_indicator_has_page_and_file(town: None, item: str) -> None:
    client = Client()
    assert client.get(f"/indicators/{item}/").status_code == 200
    text = client.get(f"/indicators/{item}/data.csv").content.decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows[0][-1] == "データの区分"
    assert len(rows) > 1
    assert all(len(row) == len(rows[0]) for row in rows)


def test_the_yearly_table_is_a_file_with_its_share(town: None) -> None:
    response = Client().get("/indicators/yearly_counts/data.csv", {"fiscal_year": "2025"})
    assert 'filename="yearly_counts_20261104_sample.csv"' in response["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    first = rows[0]
    assert {row["データの区分"] for row in rows[:-1]} == {"サンプル"}
    assert first["年度"] == "令和7年度"
    online, total = int(first["うちオンライン（件）"]), int(first["総件数（件）"])
    assert float(first["割合（%）"]) == round(online * 100 / total, 1)


def test_figures_lead_to_their_procedures(town: None) -> None:
    client = Client()
    page = client.get(OVERVIEW).content.decode()
    assert "key=2026%3Adone%3A" in page
    rows = client.get("/indicators/online_status/rows/", {"key": "2026:done:"})
    assert rows.context["total"] == len(rows.context["rows"]) > 0
    name = rows.context["rows"][0]
    assert client.get(name.url).status_code == 200
    assert client.get("/indicators/online_status/rows.csv", {"key": "2026:done:"}).status_code == 200
    assert client.get("/indicators/online_status/rows/", {"key": "nonsense"}).status_code == 404


@pytest.mark.parametrize(
    "query", ["?department=zzz&fiscal_year=1900", "?as_of=x", "?as_of=2030-01-01", "?fiscal_year=２０２５"]
)
def test_nonsense_in_the_address_is_no_crash(town: None, query: str) -> None:
    response = Client().get(OVERVIEW + query)
    assert response.status_code == 200
    assert response.context["asked"].as_of == TODAY


def test_lists_of_cases_name_no_person_and_open_to_their_section(
    sit_down: Callable[..., Client], keep: Callable[..., Case]
) -> None:
    mine, other = keep(AT), keep(AT, section="fukushi")
    Case.objects.update(applicant_name="杉野 花子")
    page = sit_down("jumin").get("/staff/indicators/open_cases/rows/?key=:-").content.decode()
    assert mine.number in page
    assert other.number in page
    assert f'href="/desk/cases/{mine.number}/"' in page
    assert f'href="/desk/cases/{other.number}/"' not in page
    assert "杉野" not in page
    dx = sit_down("fukushi", role="dx_office").get("/staff/indicators/open_cases/rows/?key=:-").content.decode()
    assert f'href="/desk/cases/{other.number}/"' in dx


@pytest.mark.usefixtures("history")
def test_taking_figures_out_needs_a_right_and_a_purpose_and_leaves_a_record(sit_down: Callable[..., Client]) -> None:
    clerk, dx = sit_down("jumin"), sit_down("fukushi", role="dx_office")
    url = "/staff/indicators/on_time_share/data.csv"
    assert clerk.post(url, {"purpose": "internal"}).status_code == 403
    assert "CSVで保存する" not in clerk.get(STAFF).content.decode()
    assert dx.get(url).status_code == 405
    assert dx.post(url, {"purpose": "curiosity"}).status_code == 422
    before = AuditEntry.objects.filter(action="indicators.exported").count()
    response = dx.post(url, {"purpose": "assembly", "department": "jumin", "fiscal_year": "2026"})
    assert response.status_code == 200
    assert response.content.decode().startswith("\ufeff決定した月,決定した件数（件）")
    entries = AuditEntry.objects.filter(action="indicators.exported")
    assert entries.count() == before + 1
    entry = entries.latest("id")
    assert entry.subject == "indicator:on_time_share"
    assert json.loads(entry.payload) == {
        "key": "", "rows": 8, "purpose": "assembly", "department": "jumin", "fiscal_year": 2026, "as_of": "2026-11-04",
    }  # fmt: skip


@pytest.mark.usefixtures("history")
def test_taking_rows_out_leaves_a_record_with_their_number(sit_down: Callable[..., Client]) -> None:
    dx = sit_down("fukushi", role="dx_office")
    response = dx.post("/staff/indicators/open_cases/rows.csv", {"purpose": "improvement", "key": ":-"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 7
    payload = json.loads(AuditEntry.objects.filter(action="indicators.exported").latest("id").payload)
    assert (payload["rows"], payload["key"]) == (6, ":-")


@pytest.mark.parametrize("cell", ["=1+1", "+81", "-1", "@sum", "\tx", "\rx", "＝1"])
def test_no_cell_begins_a_formula(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert guarded(-3) == -3
    assert "'" in to_csv(["a"], [[cell]])


@pytest.mark.usefixtures("history")
def test_everything_is_computed_as_plain_data() -> None:
    found = compute(TODAY)
    assert [item["id"] for item in found] == [item.id for item in sorted(indicators.all(), key=lambda item: item.order)]
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found
    status = found[0]
    assert status["sample"] is True
    assert status["lines"][-1]["rows"]["full"].startswith("/indicators/online_status/rows/?as_of=2026-11-04&key=2026")
    assert compute(TODAY) == found
    assert {item["scope"] for item in compute(TODAY, scope="public")} == {"public"}


@pytest.mark.usefixtures("history")
def test_the_command_line_prints_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["indicators", "--as-of", "令和8年11月4日", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == {"as_of": "2026-11-04", "indicators": compute(TODAY)}
    assert main(["indicators", "--department", "jumin"]) == 0
    assert "■ 行政手続オンライン対応状況［サンプル］" in capsys.readouterr().out
    with pytest.raises(SystemExit) as stopped:
        main(["indicators", "--as-of", "きのう"])
    assert stopped.value.code == 2
