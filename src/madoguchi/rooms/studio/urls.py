"""Addresses of the studio, under ``/staff/studio/``."""

from __future__ import annotations

from django.urls import path

from madoguchi.rooms.studio.views import bringing, conditions, editing, extras, life, lists, trials

app_name = "studio"
urlpatterns = [
    path("", lists.home, name="home"),
    path("new/", lists.new, name="new"),
    path("intake/", bringing.upload, name="intake"),
    path("intake/<uuid:intake_id>/", bringing.review, name="intake_review"),
    path("import/", bringing.bring, name="import"),
    path("procedures/<slug:procedure_id>/export/", bringing.export_published, name="export"),
    path("<uuid:draft_id>/export/", bringing.export_copy, name="export_copy"),
    path("procedures/<slug:procedure_id>/", lists.procedure, name="procedure"),
    path("procedures/<slug:procedure_id>/open/", lists.open_copy, name="open"),
    path("procedures/<slug:procedure_id>/retire/", lists.retire, name="retire"),
    path("<uuid:draft_id>/", life.overview, name="overview"),
    path("<uuid:draft_id>/act/", life.act, name="act"),
    path("<uuid:draft_id>/compare/", life.compare, name="compare"),
    path("<uuid:draft_id>/history/", life.history, name="history"),
    path("<uuid:draft_id>/history/<int:number>/restore/", life.restore, name="restore"),
    path("<uuid:draft_id>/steps/", editing.steps, name="steps"),
    path("<uuid:draft_id>/steps/<slug:step_id>/", editing.step, name="step"),
    path("<uuid:draft_id>/parts/<slug:part>/<str:key>/", editing.part, name="part"),
    path("<uuid:draft_id>/papers/", extras.papers, name="papers"),
    path("<uuid:draft_id>/fees/", extras.fees, name="fees"),
    path("<uuid:draft_id>/fees/new/", extras.new_fee, name="new_fee"),
    path("<uuid:draft_id>/fees/<str:key>/quantity/", extras.quantity, name="quantity"),
    path("<uuid:draft_id>/texts/", extras.translate, name="texts"),
    path("<uuid:draft_id>/texts/<slug:section>/", extras.translate, name="texts_in"),
    path("<uuid:draft_id>/examples/", trials.examples, name="examples"),
    path("<uuid:draft_id>/examples/change/", trials.change_examples, name="change_examples"),
    path("<uuid:draft_id>/preview/", trials.preview, name="preview"),
    path("<uuid:draft_id>/preview/reset/", trials.preview_reset, name="preview_reset"),
    path("<uuid:draft_id>/preview/<str:step_id>/", trials.preview_step, name="preview_step"),
    path("<uuid:draft_id>/change/", editing.change, name="change"),
    path("<uuid:draft_id>/rules/<slug:part>/<str:key>/<slug:slot>/", conditions.rule, name="rule"),
]
