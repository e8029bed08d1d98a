"""The demo's OpenID Connect provider: a small program of its own on the loopback address, which plays three real ones.

It speaks the protocol for real (discovery, authorization code with PKCE, signed ID tokens), so that the house is shown
and tested against an outside party and not against itself. It refuses to exist in production.
"""

from .server import LocalProvider, demo_people, serve

__all__ = ["LocalProvider", "demo_people", "serve"]
