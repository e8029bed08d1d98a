"""The section ``identity_providers`` of the ward folder, and which providers can be used now.

Owns no table: the kernel keeps the history. A provider of the demo is nowhere in production.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.conf import settings

from madoguchi.kernel import municipality
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.folder import Fault, Folder, Section, register_section

from .schema import LOCAL, OidcProvider, ProvidersFile, SamlProvider

Provider = OidcProvider | SamlProvider


def register() -> None:
    """Register the section."""
    register_section(
        Section("identity_providers", "identity_providers.yaml", ProvidersFile, order=24, check=check, counts=_count)
    )


def check(folder: Folder) -> Iterator[Fault]:
    """Yield faults: an id or an issuer with a client twice."""
    for entry in folder.of("identity_providers"):
        seen: set[str] = set()
        for index, row in enumerate(entry.value.providers):
            if row.id in seen:
                yield entry.fault(("providers", index), f"「{row.id}」が二度あります", "一つにしてください")
            seen.add(row.id)


def _count(folder: Folder) -> dict[str, int]:
    return {"identity_providers": sum(len(entry.value.providers) for entry in folder.of("identity_providers"))}


@municipality.per_generation
def file_in_force() -> ProvidersFile:
    """Return the file in force; one without providers when the ward has none, or before a folder is loaded."""
    try:
        rows = municipality.current().section("identity_providers")
    except NotFound:
        rows = []
    return ProvidersFile.model_validate(rows[0]) if rows else ProvidersFile()


def usable(provider: Provider) -> bool:
    """Tell whether somebody can sign in with it now: the demo's provider runs, the secret or certificate is there."""
    if isinstance(provider, SamlProvider):
        return provider.metadata_url is not None or bool(os.environ.get(provider.certificate_env or ""))
    if provider.is_local:
        return bool(settings.LOCAL_OIDC_URL)
    return provider.token_auth == "none" or bool(secret_of(provider))  # noqa: S105 - the name of a way


def providers_for(*audiences: str) -> list[Provider]:
    """Return the providers that can be used by these audiences, in the order of the folder."""
    return [item for item in file_in_force().providers if item.audience in audiences and usable(item)]


def provider_of(provider_id: str) -> Provider | None:
    """Return a provider that can be used, by id."""
    return next((item for item in file_in_force().providers if item.id == provider_id and usable(item)), None)


def issuer_of(provider: OidcProvider) -> str:
    """Return the issuer's address; that of the demo's provider is where ``madoguchi up`` started it."""
    if provider.is_local:
        return f"{settings.LOCAL_OIDC_URL}/{provider.issuer.removeprefix(LOCAL)}"
    return provider.issuer


def secret_of(provider: OidcProvider) -> str:
    """Return the client's secret from the environment ('' when it is not set)."""
    if provider.is_local:
        return str(settings.LOCAL_OIDC_SECRET)
    return os.environ.get(provider.client_secret_env or "", "")
