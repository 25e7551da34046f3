"""One person over many channels: identities and the reversible links between them."""
