"""The doctor's look at the payment providers: keys that are missing, of the wrong kind, or not used by the ward."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from madoguchi.kernel import municipality
from madoguchi.kernel.doctor import Finding
from madoguchi.kernel.errors import NotFound

from .folder import is_used
from .providers.base import providers
from .providers.checkout import key_fits


def look(at: datetime) -> list[Finding]:
    """Return a finding for each provider on the net; none before a folder is loaded, which is said elsewhere."""
    try:
        municipality.current()
    except NotFound:
        return []
    return [_look(name, keys) for name, keys in settings.PAYMENTS_KEYS.items()]


def _look(name: str, keys: tuple[str, ...]) -> Finding:
    title, given = providers.get(name).title, [bool(key) for key in keys]
    here = f"payments.{name}"
    if not any(given):
        level, mend = (
            ("warn", f"MADOGUCHI_{name.upper()}_ で始まる変数を設定してください。") if is_used(name) else ("ok", "")
        )
        return Finding(level, here, f"{title} の鍵はありません。住民には示しません。", mend)  # type: ignore[arg-type]
    if not all(given):
        return Finding(
            "bad",
            here,
            f"{title} の設定が足りません。",
            f"MADOGUCHI_{name.upper()}_ で始まる変数をすべて設定してください。",
        )
    if name != "paypay" and not key_fits(keys[0], live=settings.PAYMENTS_LIVE):
        kinds = ("本番用", "試験用") if settings.PAYMENTS_LIVE else ("試験用", "本番用")
        return Finding(
            "bad",
            here,
            f"{title} の鍵が{kinds[1]}です。使いません。",
            f"{kinds[0]}の鍵か MADOGUCHI_PAYMENTS_LIVE を確かめてください。",
        )
    if not is_used(name):
        return Finding(
            "warn", here, f"{title} の鍵はありますが、payments.yaml にありません。", "providers に加えてください。"
        )
    return Finding("ok", here, f"{title} で支払えます。")
