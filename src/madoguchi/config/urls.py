"""The house's addresses: each room brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("madoguchi.rooms.portal.urls")),
]
