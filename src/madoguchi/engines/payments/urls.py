"""Addresses of the payments engine: notifications, the local provider's own pages, the staff's ledger."""

from django.urls import path

from .views import hand, local, notify, refunds, staff

app_name = "payments"

urlpatterns = [
    path("pay/notify/<slug:provider>/", notify.notify, name="notify"),
    path("pay/local/settlement.csv", local.settlement, name="local_settlement"),
    path("pay/local/<slug:ref>/", local.page, name="local"),
    path("staff/payments/", staff.ledger, name="ledger"),
    path("staff/payments/income/", staff.income, name="income"),
    path("staff/payments/refunds/", refunds.todo, name="refunds"),
    path("staff/payments/till/", staff.till, name="till"),
    path("staff/payments/settlements/", staff.settlements, name="settlements"),
    path("staff/payments/settlements/rows/<int:row>/", staff.explain, name="explain"),
    path("staff/payments/charges/<uuid:charge_id>/", staff.charge, name="charge"),
    path("staff/payments/charges/<uuid:charge_id>/cash/", staff.cash, name="cash"),
    path("staff/payments/charges/<uuid:charge_id>/hand/", hand.begin, name="hand"),
    path("staff/payments/charges/<uuid:charge_id>/hand/<uuid:payment_id>/", hand.finish, name="hand_finish"),
    path("staff/payments/charges/<uuid:charge_id>/hand/<uuid:payment_id>.svg", hand.code, name="hand_code"),
    path("staff/payments/charges/<uuid:charge_id>/exemption/<int:line>/", hand.exemption, name="exemption"),
    path("staff/payments/charges/<uuid:charge_id>/reduce/", staff.reduce, name="reduce"),
    path("staff/payments/charges/<uuid:charge_id>/refunds/<uuid:refund_id>/", refunds.act, name="refund"),
]
