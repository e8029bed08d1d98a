"""Addresses of the notices engine: doors for LINE and the SMS gateway, and the staff's preview of every letter."""

from __future__ import annotations

from django.urls import path

from . import preview, views

app_name = "notices"

urlpatterns = [
    path("notices/line/webhook/", views.line_webhook, name="line_webhook"),
    path("notices/line/link/", views.line_link, name="line_link"),
    path("notices/sms/report/", views.sms_report, name="sms_report"),
    path("staff/letters/", preview.show_letters, name="letters"),
    path("staff/letters/<slug:letter_id>/", preview.show_letter, name="letter"),
]
