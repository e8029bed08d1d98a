"""Addresses of the indicators: public ones under ``/indicators/``, those of the staff under ``/staff/indicators/``."""

from __future__ import annotations

from django.urls import path

from madoguchi.rooms.indicators import views

app_name = "indicators"
urlpatterns = [
    path("indicators/", views.overview, name="overview"),
    path("indicators/<slug:indicator_id>/", views.detail, name="detail"),
    path("indicators/<slug:indicator_id>/data.csv", views.export, name="csv"),
    path("indicators/<slug:indicator_id>/rows/", views.rows, name="rows"),
    path("indicators/<slug:indicator_id>/rows.csv", views.export_rows, name="rows_csv"),
    path("staff/indicators/", views.staff_overview, name="staff_overview"),
    path("staff/indicators/<slug:indicator_id>/", views.staff_detail, name="staff_detail"),
    path("staff/indicators/<slug:indicator_id>/data.csv", views.staff_export, name="staff_csv"),
    path("staff/indicators/<slug:indicator_id>/rows/", views.staff_rows, name="staff_rows"),
    path("staff/indicators/<slug:indicator_id>/rows.csv", views.staff_export_rows, name="staff_rows_csv"),
]
