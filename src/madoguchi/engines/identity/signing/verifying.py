"""Deciding on a signature: good, bad, or not to be confirmed, with the reasons in Japanese.

Owns the order of the checks and the words. The moment that counts is when the office received the signature: what the
signer's own clock says proves nothing, but may not lie in the future.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from .path import Anchors, CertificateFacts, facts_of, judge_certificate
from .reading import UnreadableError, read_upload

CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a decision is as it is: a Japanese sentence and the mend for people, a code for programs."""

    message_ja: str
    code: str
    mend: str = ""


REASONS = (
    Reason("署名を確かめました。", code="signing.good", mend=""),
    Reason(
        "署名ファイルを読み取れません。",
        code="signing.unreadable",
        mend="署名ソフトが書き出した署名ファイル（.p7s または .sig）を選んでください。",
    ),
    Reason(
        "証明書のファイルを読み取れません。",
        code="signing.unreadable_certificate",
        mend="証明書（.cer または .pem）を選んでください。",
    ),
    Reason(
        "署名した人の証明書がありません。", code="signing.no_certificate", mend="証明書のファイルも選んでください。"
    ),
    Reason(
        "内容を含む形式の署名は受け付けられません。",
        code="signing.attached",
        mend="「署名だけを別のファイルにする（デタッチ）」を選んで署名してください。",
    ),
    Reason(
        "二人以上の署名が入っています。",
        code="signing.several_signers",
        mend="一人の署名だけを含むファイルにしてください。",
    ),
    Reason(
        "安全でない方式、または対応していない方式の署名です。",
        code="signing.weak_algorithm",
        mend="SHA-256 以上の RSA か ECDSA で署名してください。",
    ),
    Reason(
        "署名が申請の内容と合いません。署名の後で内容が変わったか、別のファイルに署名しています。",
        code="signing.altered",
        mend="署名するファイルをもう一度受け取り、署名し直してください。",
    ),
    Reason(
        "署名の日時が今より先になっています。",
        code="signing.future",
        mend="パソコンの時計を合わせて、署名し直してください。",
    ),
    Reason("この証明書は署名に使えません。", code="signing.key_usage", mend="署名用の電子証明書を使ってください。"),
    Reason(
        "区が信頼する認証局の証明書ではありません。",
        code="signing.untrusted",
        mend="使える電子証明書の種類を手続のページで確かめてください。",
    ),
    Reason(
        "証明書のつながりが正しくありません。",
        code="signing.chain",
        mend="証明書を発行した認証局に確かめるか、別の証明書で署名してください。",
    ),
    Reason(
        "証明書の有効期間が過ぎています。", code="signing.expired", mend="証明書を更新してから、署名し直してください。"
    ),
    Reason(
        "証明書の有効期間がまだ始まっていません。",
        code="signing.not_yet_valid",
        mend="有効期間を確かめて、署名し直してください。",
    ),
    Reason(
        "証明書は失効しています。", code="signing.revoked", mend="新しい証明書で署名し直すか、窓口で手続してください。"
    ),
    Reason(
        "失効の一覧が古いため、証明書が有効かどうか確かめられません。",
        code="signing.list_stale",
        mend="しばらくたってからもう一度試すか、窓口で手続してください。",
    ),
    Reason(
        "失効の一覧がないため、証明書が有効かどうか確かめられません。",
        code="signing.list_missing",
        mend="しばらくたってからもう一度試すか、窓口で手続してください。",
    ),
    Reason(
        "区の側で、信頼する認証局がまだ決められていません。",
        code="signing.no_anchor",
        mend="窓口か郵送で手続してください。",
    ),
)
_BY_CODE = {item.code: item for item in REASONS}
UNCONFIRMED = frozenset({"list_stale", "list_missing", "no_anchor"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What was found out about a signature. ``certificate`` is None when none could be read."""

    verdict: Literal["good", "bad", "unconfirmed"]
    reasons: tuple[Reason, ...]
    certificate: CertificateFacts | None = None
    claimed_at: datetime | None = None

    @property
    def is_good(self) -> bool:
        """Tell whether the signature may be relied upon."""
        return self.verdict == "good"


def verify_signature(
    content: bytes, signature: bytes, *, certificate: bytes = b"", anchors: Anchors, at: datetime
) -> Decision:
    """Decide whether *signature* is a trusted person's over exactly *content*, received at *at*. Never raises.

    *signature*: detached CMS (PKCS#7), or a bare RSA/ECDSA signature with SHA-256 together with *certificate*.
    """
    try:
        upload = read_upload(signature, certificate)
        codes = [] if upload.covers(content) else ["altered"]
    except UnreadableError as error:
        return Decision("bad", (_reason(error.code),))
    if upload.claimed_at is not None and upload.claimed_at > at + CLOCK_SKEW:
        codes.append("future")
    if found := judge_certificate(upload.certificate, others=upload.others, anchors=anchors, at=at):
        codes.append(found)
    facts = facts_of(upload.certificate)
    if not codes:
        return Decision("good", (_reason("good"),), facts, upload.claimed_at)
    verdict: Literal["bad", "unconfirmed"] = "unconfirmed" if set(codes) <= UNCONFIRMED else "bad"
    return Decision(verdict, tuple(map(_reason, codes)), facts, upload.claimed_at)


def _reason(code: str) -> Reason:
    return _BY_CODE[f"signing.{code}"]
