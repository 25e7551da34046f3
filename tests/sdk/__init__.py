"""The SDK against a real HTTP server on loopback."""
