"""Addresses of the issuing engine: the public page on which anybody checks a document."""

from django.urls import path

from .views import verify

app_name = "issuing"

urlpatterns = [
    path("verify/", verify.ask, name="verify"),
    path("verify/<str:code>/", verify.by_code, name="verify_code"),
]
