"""Sign-in by others' word: OpenID Connect and SAML providers, what they say, and what is believed of it."""
