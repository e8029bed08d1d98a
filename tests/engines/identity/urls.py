"""Addresses for the tests of the engine alone: its own pages and one page of each kind behind it."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from madoguchi.kernel.access import actor_of, public, resident_required, staff_required


@public(reason="試験")
def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(actor_of(request).ref)


@resident_required
def my_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("my page")


@staff_required("desk.view")
def desk(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    return HttpResponse(f"{','.join(sorted(actor.sections))}|{'desk.all_sections' in actor.permissions}")


urlpatterns = [
    path("", include("madoguchi.engines.identity.urls")),
    path("", home, name="home"),
    path("mypage/", my_page, name="my_page"),
    path("desk/", desk, name="desk"),
]
