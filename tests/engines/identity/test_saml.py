"""Staff sign-in by SAML: a real assertion, signed by an identity provider made in the test; altered, old and foreign ones refused."""

from __future__ import annotations

import base64
import re
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.core.cache import cache
from django.test import Client
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from madoguchi.engines.identity.models import Account
from madoguchi.engines.identity.outside import section
from madoguchi.engines.identity.outside.schema import ProvidersFile, SamlProvider
from madoguchi.engines.identity.services import seed_demo_staff
from madoguchi.kernel import clock
from madoguchi.kernel.access import actor_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("suginami")]

IDP = "https://idp.city.example.jp/"
ACS = "http://testserver/staff/signin/saml/directory/acs/"
SP = "http://testserver/staff/signin/saml/directory/metadata/"
FACTOR = "http://schemas.example.jp/authnmethods"


class Idp:
    """An identity provider's key and certificate."""

    def __init__(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.city.example.jp")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(key, hashes.SHA256())
        )
        self.key = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        self.certificate = certificate.public_bytes(serialization.Encoding.PEM).decode()

    def response(self, request_id: str, login: str, *, age: timedelta = timedelta(0), factor: str = "mfa") -> str:
        """Return a response with one signed assertion about *login*, made *age* ago."""
        made = datetime.now(UTC) - age
        at, until = (moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (made, made + timedelta(minutes=5)))
        assertion = f"""<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_assertion1" Version="2.0" IssueInstant="{at}">
<saml:Issuer>{IDP}</saml:Issuer><saml:Subject><saml:NameID>opaque-7</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{until}" Recipient="{ACS}" InResponseTo="{request_id}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{at}" NotOnOrAfter="{until}"><saml:AudienceRestriction><saml:Audience>{SP}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{at}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement><saml:Attribute Name="loginId"><saml:AttributeValue>{login}</saml:AttributeValue></saml:Attribute><saml:Attribute Name="{FACTOR}"><saml:AttributeValue>{factor}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"""
        signed = OneLogin_Saml2_Utils.add_sign(
            assertion,
            self.key,
            self.certificate,
            sign_algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            digest_algorithm="http://www.w3.org/2001/04/xmlenc#sha256",
        )
        inner = re.sub(r"^<\?xml.*?\?>", "", signed.decode() if isinstance(signed, bytes) else signed)
        return (
            f'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" '
            f'ID="_response1" Version="2.0" IssueInstant="{at}" Destination="{ACS}" InResponseTo="{request_id}">'
            f"<saml:Issuer>{IDP}</saml:Issuer><samlp:Status>"
            f'<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{inner}</samlp:Response>'
        )


@pytest.fixture(scope="module")
def idp() -> Idp:
    return Idp()


@pytest.fixture(autouse=True)
def _directory(idp: Idp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the provider into the file in force, as a ward would write it."""
    cache.clear()
    provider = SamlProvider.model_validate(
        {
            "kind": "saml",
            "id": "directory",
            "title": "庁内の認証基盤",
            "entity_id": IDP,
            "sso_url": f"{IDP}sso",
            "certificate_env": "MADOGUCHI_SAML_TEST",
            "staff_attribute": "loginId",
            "second_factor_attribute": FACTOR,
            "second_factor_values": ["mfa"],
        }
    )
    monkeypatch.setenv("MADOGUCHI_SAML_TEST", idp.certificate)
    monkeypatch.setattr(section, "file_in_force", lambda: ProvidersFile(providers=[provider]))
    seed_demo_staff(demo=True, at=clock.now())


def _begin(client: Client) -> str:
    """Start at the house's own link and return the id of the request the provider would answer."""
    answer = client.get("/signin/with/directory/", {"next": "/desk/"})
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"].startswith(f"{IDP}sso?")
    packed = parse_qs(urlsplit(answer["Location"]).query)["SAMLRequest"][0]
    xml = zlib.decompress(base64.b64decode(packed), -15).decode()
    match = re.search(r'ID="([^"]+)"', xml)
    assert match
    return match[1]


def _answer(client: Client, xml: str) -> Any:
    """Post the response as the browser does and follow to the end of the sign-in."""
    response = client.post(
        "/staff/signin/saml/directory/acs/", {"SAMLResponse": base64.b64encode(xml.encode()).decode()}
    )
    assert response.status_code == 302
    return client.get(response["Location"])


def _kind(client: Client) -> str:
    return actor_of(client.get("/signin/sent/").wsgi_request).kind


def test_a_signed_assertion_signs_the_matching_member_of_staff_in(idp: Idp) -> None:
    client, before = Client(HTTP_HOST="testserver"), Account.objects.count()
    end = _answer(client, idp.response(_begin(client), "kumin"))
    assert end.status_code == 302, end.content.decode()
    assert end["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200, "the provider says that it asked for the second factor"
    assert Account.objects.count() == before


def test_without_its_second_factor_the_own_one_is_asked_for(idp: Idp) -> None:
    client = Client(HTTP_HOST="testserver")
    end = _answer(client, idp.response(_begin(client), "kumin", factor="password"))
    assert end["Location"].startswith("/staff/signin/second/")


def test_somebody_who_is_not_in_the_roster_gets_no_account(idp: Idp) -> None:
    client, before = Client(HTTP_HOST="testserver"), Account.objects.count()
    end = _answer(client, idp.response(_begin(client), "stranger"))
    assert end.status_code == 403
    assert Account.objects.count() == before
    assert _kind(client) == "guest"


@pytest.mark.parametrize("spoil", ["altered", "old", "foreign", "unsigned", "unasked", "replayed"])
def test_what_must_not_pass(idp: Idp, spoil: str) -> None:
    client = Client(HTTP_HOST="testserver")
    request_id = _begin(client)
    xml = idp.response(request_id, "kumin", age=timedelta(minutes=30) if spoil == "old" else timedelta(0))
    if spoil == "altered":
        xml = xml.replace("<saml:AttributeValue>kumin<", "<saml:AttributeValue>admin<")
        assert "admin" in xml
    elif spoil == "foreign":
        xml = Idp().response(request_id, "kumin")
    elif spoil == "unsigned":
        xml = re.sub(r"<ds:Signature.*?</ds:Signature>", "", xml, flags=re.DOTALL)
    elif spoil == "unasked":
        xml = idp.response("_somebody-elses-request", "kumin")
    elif spoil == "replayed":
        assert _answer(client, xml).status_code == 302
        client.logout()
    end = _answer(client, xml)
    assert end.status_code in {401, 403}, end.get("Location")
    assert _kind(client) == "guest"


def test_the_house_describes_itself_to_the_provider() -> None:
    answer = Client(HTTP_HOST="testserver").get("/staff/signin/saml/directory/metadata/")
    assert answer.status_code == 200
    assert ACS in answer.content.decode()
    assert Client(HTTP_HOST="testserver").get("/staff/signin/saml/card/metadata/").status_code == 404
