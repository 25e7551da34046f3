"""The version, told to the server in the User-Agent; pyproject.toml holds the same."""

VERSION = "0.1.0"
