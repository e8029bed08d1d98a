"""Pages of the issuing engine: checking a document. Issuing is in the desk, receiving in the portal."""
