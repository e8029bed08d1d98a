"""Addresses of the catalogue: the forms and their versions, under ``/staff/forms/``, and the blank papers."""

from __future__ import annotations

from django.urls import path

from madoguchi.rooms.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("staff/forms/", views.forms, name="forms"),
    path("staff/forms/<slug:form_id>/", views.form, name="form"),
    path("sheets/<slug:form_id>.pdf", views.blank_sheet, name="blank_sheet"),
    path("staff/forms/<slug:form_id>/compare/", views.compare, name="form_compare"),
]
