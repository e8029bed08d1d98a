"""The demo's provider as a WSGI program: discovery, keys, the page where a person agrees, codes, tokens, user information.

Owns its people (``people.yaml``) and what it has handed out, in memory only. Knows nothing of the house's database.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import yaml
from django.template import Context, Engine

from .tokens import FAULTS, LIFE_SECONDS, Signer

HERE = Path(__file__).parent
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "testserver"})
CODE_SECONDS = 60
CSP = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
Answer = tuple[str, list[tuple[str, str]], bytes]
CLAIM_LABELS = {
    "name": "氏名",
    "birthdate": "生年月日",
    "address": "住所",
    "gender": "性別",
    "email": "メールアドレス",
    "corporate_number": "法人番号",
    "company_name": "事業者の名称",
    "company_address": "事業者の所在地",
    "role": "立場",
    "staff_id": "職員のID",
}


def _issuers() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((HERE / "people.yaml").read_text(encoding="utf-8"))["issuers"]
    return found


def demo_people() -> list[tuple[str, list[str]]]:
    """Return the issuers by title with the names of their people, as the start page and ``madoguchi up`` show them."""
    return [(row["title"], [person["label"] for person in row["people"]]) for row in _issuers().values()]


class LocalProvider:
    """One program that plays the issuers of ``people.yaml``; *base* is its own address, *secret* the clients'."""

    def __init__(self, base: str, *, secret: str) -> None:
        if os.environ.get("MADOGUCHI_ENV") == "production":
            raise RuntimeError("試験用の提供者は、本番では動きません。")
        self.base, self.secret = base.rstrip("/"), secret
        self.issuers = _issuers()
        self.signer = Signer()
        self._engine = Engine(dirs=[str(HERE / "pages")])
        self._codes: dict[str, dict[str, Any]] = {}
        self._tokens: dict[str, dict[str, Any]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request (WSGI)."""
        status, headers, body = self._route(environ)
        start_response(status, [*headers, ("Cache-Control", "no-store"), ("Content-Length", str(len(body)))])
        return [body]

    def _route(self, environ: dict[str, Any]) -> Answer:
        path, method = str(environ.get("PATH_INFO", "/")), environ["REQUEST_METHOD"]
        if path == "/style.css":
            return "200 OK", [("Content-Type", "text/css")], (HERE / "pages" / "style.css").read_bytes()
        issuer, _, rest = path.lstrip("/").partition("/")
        if issuer not in self.issuers:
            return self._page("200 OK", "index.html", {"issuers": demo_people()})
        query = {key: values[0] for key, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        form = _form(environ) if method == "POST" else {}
        routes: dict[tuple[str, str], Callable[[], Answer]] = {
            ("GET", ".well-known/openid-configuration"): lambda: _json(self._discovery(issuer)),
            ("GET", "jwks"): lambda: _json(self.signer.jwks()),
            ("GET", "authorize"): lambda: self._ask(issuer, query),
            ("POST", "authorize"): lambda: self._agree(issuer, form),
            ("POST", "token"): lambda: self._exchange(issuer, form, environ),
            ("GET", "userinfo"): lambda: self._tell(environ),
        }
        route = routes.get((method, rest))
        return route() if route else _json({"error": "not_found"}, "404 Not Found")

    def _discovery(self, issuer: str) -> dict[str, Any]:
        here = f"{self.base}/{issuer}"
        return {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "userinfo_endpoint": f"{here}/userinfo",
            "jwks_uri": f"{here}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def _ask(self, issuer: str, query: Mapping[str, str]) -> Answer:
        """Show who may be signed in and what would be handed over. A request that is not right is refused on the spot."""
        fault = _request_fault(query)
        if fault:
            return self._page("400 Bad Request", "refused.html", {"fault": fault})
        row = self.issuers[issuer]
        people = [
            {
                "sub": person["sub"],
                "label": person["label"],
                "told": "、".join(CLAIM_LABELS.get(key, key) for key in person["claims"]),
            }
            for person in row["people"]
        ]
        context = {
            "issuer": issuer,
            "title": row["title"],
            "lead": row["lead"],
            "people": people,
            "faults": list(FAULTS.items()),
            "kept": list(query.items()),
            "client": urlsplit(query["redirect_uri"]).netloc,
        }
        return self._page("200 OK", "consent.html", context)

    def _agree(self, issuer: str, form: Mapping[str, str]) -> Answer:
        if fault := _request_fault(form):
            return self._page("400 Bad Request", "refused.html", {"fault": fault})
        back = {"state": form.get("state", "")}
        person = next((one for one in self.issuers[issuer]["people"] if one["sub"] == form.get("person")), None)
        if form.get("decision") != "yes" or person is None:
            back["error"] = "access_denied"
        else:
            back["code"] = secrets.token_urlsafe(32)
            self._codes[back["code"]] = {**form, "issuer": issuer, "who": person, "until": time.time() + CODE_SECONDS}
        return "303 See Other", [("Location", f"{form['redirect_uri']}?{urlencode(back)}")], b""

    def _exchange(self, issuer: str, form: Mapping[str, str], environ: Mapping[str, Any]) -> Answer:
        """Give tokens for a code, once, to the client that asked and holds the verifier (RFC 6749 4.1.3, RFC 7636)."""
        code = self._codes.pop(form.get("code", ""), None)
        client, secret = _basic(environ)
        if not hmac.compare_digest(secret, self.secret):
            return _json({"error": "invalid_client"}, "401 Unauthorized")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            code is None
            or code["issuer"] != issuer
            or code["until"] < time.time()
            or code["client_id"] != client
            or code["redirect_uri"] != form.get("redirect_uri")
            or code["code_challenge"] != challenge
        ):
            return _json({"error": "invalid_grant"}, "400 Bad Request")
        who, fault, access = code["who"], code.get("fault", ""), secrets.token_urlsafe(32)
        self._tokens[access] = {"sub": "somebody-else" if fault == "subject" else who["sub"], **who["claims"]}
        token = self.signer.id_token(
            issuer=f"{self.base}/{issuer}", subject=who["sub"], audience=client, nonce=code.get("nonce", ""),
            acr=who["acr"], claims={}, fault=fault,
        )  # fmt: skip
        return _json({"access_token": access, "token_type": "Bearer", "expires_in": LIFE_SECONDS, "id_token": token})

    def _tell(self, environ: Mapping[str, Any]) -> Answer:
        known = self._tokens.get(str(environ.get("HTTP_AUTHORIZATION", "")).removeprefix("Bearer "))
        return _json(known) if known else _json({"error": "invalid_token"}, "401 Unauthorized")

    def _page(self, status: str, name: str, context: dict[str, Any]) -> Answer:
        html = self._engine.get_template(name).render(Context(context))
        return status, [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", CSP)], html.encode()


def _request_fault(query: Mapping[str, str]) -> str:
    """Return what is wrong with an authorization request, '' when nothing is."""
    needed = ("client_id", "redirect_uri", "state", "nonce", "code_challenge")
    if missing := [name for name in needed if not query.get(name)]:
        return f"要求に {'、'.join(missing)} がありません。"
    if query.get("response_type") != "code" or query.get("code_challenge_method") != "S256":
        return "認可コードと PKCE（S256）の要求だけを受け付けます。"
    if urlsplit(query["redirect_uri"]).hostname not in LOOPBACK:
        return "戻り先は、この計算機の中の住所だけにできます。"
    return ""


def _json(data: Any, status: str = "200 OK") -> Answer:
    return status, [("Content-Type", "application/json")], json.dumps(data, ensure_ascii=False).encode()


def _form(environ: Mapping[str, Any]) -> dict[str, str]:
    size = min(int(environ.get("CONTENT_LENGTH") or 0), 20_000)
    body = environ["wsgi.input"].read(size).decode("utf-8", "replace")
    return {key: values[0] for key, values in parse_qs(body).items()}


def _basic(environ: Mapping[str, Any]) -> tuple[str, str]:
    """Return client and secret of HTTP Basic authentication, both '' when there are none."""
    kind, _, coded = str(environ.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        client, _, secret = base64.b64decode(coded).decode().partition(":")
    except (ValueError, UnicodeDecodeError):
        return "", ""
    return client, secret


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Write no access log: addresses carry codes."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def serve(host: str, port: int, *, secret: str) -> WSGIServer:
    """Return a server bound to a loopback address, not yet serving. Raises ValueError for any other address."""
    if host not in LOOPBACK:
        raise ValueError("試験用の提供者は、この計算機の中（127.0.0.1）だけで動きます。")
    server = make_server(host, port, lambda environ, start: [], _Server, _Quiet)
    server.set_app(LocalProvider(f"http://{host}:{server.server_port}", secret=secret))
    return server
