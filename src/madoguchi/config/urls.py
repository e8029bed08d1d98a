"""The house's addresses: each room and the identity engine bring their own."""

from django.urls import include, path

urlpatterns = [
    path("", include("madoguchi.rooms.portal.urls")),
    path("", include("madoguchi.engines.identity.urls")),
]
