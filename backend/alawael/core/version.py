"""The program's version; the top heading of CHANGELOG.md and pyproject.toml say the same."""

VERSION = "0.1.0"
