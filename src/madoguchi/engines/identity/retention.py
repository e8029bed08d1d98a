"""The engine's kind of personal data for retention: the account, its profile and its ways of signing in."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from madoguchi.kernel.retention import DataClass, Holding, How, data_classes

from .models import Account, Delegation, ReceivedSignature, ResidentProfile, ShownProof, SignInMethod


def register() -> None:
    """Register the classes."""
    data_classes.register(
        "signatures", DataClass("signatures", "電子署名", _count_signed, _export_signed, _erase_signed, order=25)
    )
    data_classes.register(
        "proofs", DataClass("proofs", "本人確認の記録", _count_proofs, _export_proofs, _erase_proofs, order=26)
    )
    delegations = DataClass("delegations", "代理の登録", _count_given, _export_given, _erase_given, order=94)
    data_classes.register("delegations", delegations)
    data_classes.register("account", DataClass("account", "アカウント", _count, _export, _erase, order=95))


def _signatures(holding: Holding) -> QuerySet[ReceivedSignature]:
    return ReceivedSignature.objects.filter(draft_id__in=holding.drafts)


def _count_signed(holding: Holding) -> int:
    return _signatures(holding).count()


def _export_signed(holding: Holding) -> list[dict[str, Any]]:
    return [
        {
            "serial": item.serial,
            "issuer": item.issuer,
            "subject": item.subject,
            "received_at": item.received_at.isoformat(),
        }
        for item in _signatures(holding)
    ]


def _erase_signed(holding: Holding, how: How) -> int:
    return _signatures(holding).delete()[0]


def _proofs(holding: Holding) -> QuerySet[ShownProof]:
    return ShownProof.objects.filter(subject__in=[f"case:{number}" for number in holding.cases])


def _count_proofs(holding: Holding) -> int:
    return _proofs(holding).count()


def _export_proofs(holding: Holding) -> list[dict[str, Any]]:
    return [
        {
            "subject": item.subject,
            "provider": item.provider_title,
            "identity": item.identity,
            "authentication": item.authentication,
            "at": item.authenticated_at.isoformat(),
            "claims": item.claims,
        }
        for item in _proofs(holding)
    ]


def _erase_proofs(holding: Holding, how: How) -> int:
    """Delete the proofs either way: without their claims nothing of them would be left."""
    return _proofs(holding).delete()[0]


def _given(holding: Holding) -> QuerySet[Delegation]:
    number = holding.account_id or 0
    return Delegation.objects.filter(Q(principal_id=number) | Q(delegate_id=number))


def _count_given(holding: Holding) -> int:
    return _given(holding).exclude(principal_name="", delegate_name="").count()


def _export_given(holding: Holding) -> list[dict[str, Any]]:
    return [
        {
            "kind": item.kind,
            "principal": item.principal_name,
            "delegate": item.delegate_name,
            "from": item.valid_from.isoformat(),
            "to": item.valid_to.isoformat() if item.valid_to else None,
        }
        for item in _given(holding)
    ]


def _erase_given(holding: Holding, how: How) -> int:
    """Take the names off what one person gave another to do; that somebody acted for somebody stays with the cases."""
    return _given(holding).update(
        principal_name="", principal_kana="", born_on=None, delegate_name="", facility="", code_hash=""
    )


def _account(holding: Holding) -> QuerySet[Account]:
    return Account.objects.filter(pk=holding.account_id or 0, kind=Account.Kind.RESIDENT)


def _count(holding: Holding) -> int:
    return _account(holding).exclude(email="", name="").count()


def _export(holding: Holding) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for account in _account(holding):
        rows.append(
            {"kind": "account", "email": account.email, "name": account.name, "since": account.created_at.isoformat()}
        )
        rows += [{"kind": "profile", **item.values} for item in ResidentProfile.objects.filter(account=account)]
        rows += [
            {
                "kind": "sign-in",
                "provider": item.provider_id,
                "claims": item.claims,
                "linked_at": item.linked_at.isoformat(),
            }
            for item in SignInMethod.objects.filter(account=account)
        ]
    return rows


def _erase(holding: Holding, how: How) -> int:
    """Empty the account and close it; its number stays, because the audit log names it."""
    count = 0
    for account in _account(holding):
        ResidentProfile.objects.filter(account=account).delete()
        SignInMethod.objects.filter(account=account).delete()
        ShownProof.objects.filter(account_ref=account.ref).delete()
        account.login, account.email, account.name = f"erased-{account.pk}", "", ""
        account.is_active = False
        account.session_epoch += 1
        account.set_unusable_password()
        account.save()
        count += 1
    return count
