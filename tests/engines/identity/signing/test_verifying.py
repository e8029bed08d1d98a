"""A test authority proves each way a signature can be good, bad, or not to be confirmed."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7

from madoguchi.engines.identity.signing import (
    Anchors,
    canonical_bytes,
    read_anchors,
    read_revocation_lists,
    verify_signature,
)
from madoguchi.engines.identity.signing.demo import (
    Authority,
    Card,
    issue_card,
    issue_list,
    make_authority,
    sign,
    sign_bare,
    usage,
)

AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CONTENT = canonical_bytes({"procedure": "juminhyo", "answers": {"name": {"family": "髙橋"}, "count": 2}})

ROOT = make_authority("試験認証局 ROOT", at=AT, path_length=1)
MIDDLE = make_authority("試験認証局 発行局", at=AT, issuer=ROOT, path_length=0)
OTHER = make_authority("別の認証局", at=AT)


def card(*, issuer: Authority = MIDDLE, start: datetime = AT - DAY, end: datetime = AT + DAY, **more: object) -> Card:
    return issue_card("見本 花子", issuer=issuer, valid_from=start, valid_to=end, **more)  # type: ignore[arg-type]


def anchors(*, revoked: tuple[Card, ...] = (), issued: datetime = AT - DAY, until: datetime = AT + DAY) -> Anchors:
    lists = [
        issue_list(ROOT, at=issued, next_at=until),
        issue_list(MIDDLE, at=issued, next_at=until, revoked=[item.certificate for item in revoked]),
    ]
    return Anchors(roots=read_anchors([ROOT.pem]), lists=read_revocation_lists(lists))


GOOD = card()
TRUST = anchors()


def codes(signature: bytes, *, content: bytes = CONTENT, trust: Anchors = TRUST, certificate: bytes = b"") -> list[str]:
    decision = verify_signature(content, signature, certificate=certificate, anchors=trust, at=AT)
    return [decision.verdict, *(reason.code.removeprefix("signing.") for reason in decision.reasons)]


def test_a_good_signature_is_good_and_its_certificate_is_kept() -> None:
    decision = verify_signature(CONTENT, sign(CONTENT, GOOD, at=AT), anchors=TRUST, at=AT)
    assert decision.is_good
    assert decision.certificate is not None
    assert int(decision.certificate.serial, 16) == GOOD.certificate.serial_number
    assert "発行局" in decision.certificate.issuer
    assert "見本 花子" in decision.certificate.subject


def test_rsa_and_base64_are_read_too() -> None:
    assert codes(base64.encodebytes(sign(CONTENT, card(is_rsa=True), at=AT))) == ["good", "good"]


def test_a_signature_that_ends_like_a_space_is_read_to_its_end() -> None:
    signature = b""
    while signature[-1:] not in (b"\n", b" "):
        signature = sign(CONTENT, GOOD, at=AT)
    assert codes(signature) == ["good", "good"]


@pytest.mark.parametrize("is_rsa", [True, False])
def test_a_bare_signature_needs_its_certificate(is_rsa: bool) -> None:
    mine = card(issuer=ROOT, is_rsa=is_rsa)
    bare = sign_bare(CONTENT, mine)
    pem = mine.certificate.public_bytes(serialization.Encoding.PEM)
    assert codes(bare, certificate=pem) == ["good", "good"]
    assert codes(bare) == ["bad", "no_certificate"]
    assert codes(bare, content=CONTENT + b" ", certificate=pem) == ["bad", "altered"]
    assert codes(bare, certificate=b"x") == ["bad", "unreadable_certificate"]


def test_one_changed_answer_is_found_out() -> None:
    altered = CONTENT.replace("髙".encode(), "高".encode())
    assert altered != CONTENT
    assert codes(sign(CONTENT, GOOD, at=AT), content=altered) == ["bad", "altered"]


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [(AT - 3 * DAY, AT - DAY, "expired"), (AT + DAY, AT + 3 * DAY, "not_yet_valid")],
)
def test_the_certificate_must_be_valid_when_the_office_receives_it(start: datetime, end: datetime, code: str) -> None:
    assert codes(sign(CONTENT, card(start=start, end=end), at=AT)) == ["bad", code]


def test_a_revoked_certificate_is_bad_even_with_a_good_signature() -> None:
    assert codes(sign(CONTENT, GOOD, at=AT), trust=anchors(revoked=(GOOD,))) == ["bad", "revoked"]
    assert codes(sign(CONTENT, GOOD, at=AT), trust=anchors(revoked=(card(),))) == ["good", "good"]


def test_what_cannot_be_looked_up_is_not_confirmed() -> None:
    stale = anchors(issued=AT - 5 * DAY, until=AT - 3 * DAY)
    assert codes(sign(CONTENT, GOOD, at=AT), trust=stale) == ["unconfirmed", "list_stale"]
    assert codes(sign(CONTENT, GOOD, at=AT), trust=Anchors(roots=TRUST.roots)) == ["unconfirmed", "list_missing"]
    assert codes(sign(CONTENT, GOOD, at=AT), trust=Anchors()) == ["unconfirmed", "no_anchor"]


def test_a_list_that_another_authority_signed_confirms_nothing() -> None:
    impostor = Authority(MIDDLE.certificate, OTHER.key)
    lists = read_revocation_lists(
        [issue_list(ROOT, at=AT - DAY, next_at=AT + DAY), issue_list(impostor, at=AT - DAY, next_at=AT + DAY)]
    )
    assert codes(sign(CONTENT, GOOD, at=AT), trust=Anchors(TRUST.roots, lists=lists))[0] == "unconfirmed"


def test_a_chain_to_nobody_we_know_is_bad() -> None:
    assert codes(sign(CONTENT, card(issuer=OTHER), at=AT)) == ["bad", "untrusted"]


def test_a_forged_issuer_is_bad() -> None:
    forged = issue_card(
        "x", issuer=Authority(MIDDLE.certificate, OTHER.key, MIDDLE.above), valid_from=AT - DAY, valid_to=AT + DAY
    )
    assert codes(sign(CONTENT, forged, at=AT))[0] == "bad"


def test_a_certificate_for_other_uses_is_bad() -> None:
    assert codes(sign(CONTENT, card(key_usage=usage(enciphers=True)), at=AT)) == ["bad", "key_usage"]


def test_a_person_cannot_issue_certificates() -> None:
    fake = Authority(GOOD.certificate, GOOD.key, GOOD.chain)
    assert codes(sign(CONTENT, card(issuer=fake), at=AT))[0] == "bad"


def test_a_path_longer_than_allowed_is_bad() -> None:
    too_deep = make_authority("三つめの局", at=AT, issuer=MIDDLE)
    lists = [*TRUST.lists, *read_revocation_lists([issue_list(too_deep, at=AT - DAY, next_at=AT + DAY)])]
    assert codes(sign(CONTENT, card(issuer=too_deep), at=AT), trust=Anchors(TRUST.roots, lists=tuple(lists))) == [
        "bad",
        "chain",
    ]


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.4", b"\x30\x80", b"hello" * 500, bytes(range(256)) * 8])
def test_junk_is_refused_in_words(junk: bytes) -> None:
    verdict, code = codes(junk)
    assert verdict == "bad"
    assert code in {"unreadable", "no_certificate"}


def by_openssl(*options: pkcs7.PKCS7Options) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(CONTENT).add_signer(GOOD.certificate, GOOD.key, hashes.SHA256())
    builder = builder.add_certificate(MIDDLE.certificate)
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary, *options])


def test_what_other_software_signs_is_read_too() -> None:
    detached = by_openssl(pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.NoAttributes)
    assert codes(detached) == ["good", "good"]
    assert codes(detached, content=CONTENT + b" ") == ["bad", "altered"]


def test_a_signature_that_holds_the_content_is_not_taken() -> None:
    assert codes(by_openssl()) == ["bad", "attached"]


def test_a_signing_time_in_the_future_is_refused() -> None:
    assert codes(sign(CONTENT, GOOD, at=AT + DAY)) == ["bad", "future"]
