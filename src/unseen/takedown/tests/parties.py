"""The file of a made-up addressee, for tests and benchmarks that need a directory of their own."""

_PARTY = """
key = "{key}"
name = "{key}"
kind = "{kind}"
domains = ["{domain}"]
country = "US"
laws = [{laws}]
channels = [{channels}]
languages = ["en"]
source = "made up for tests"
checked_on = 2026-11-01
confidence = "high"
{more}
"""


def party_text(
    key: str, kind: str, *, laws: str, channels: str, domain: str | None = None, more: str = ""
) -> str:
    """As TOML. `laws`, `channels` and `more` are TOML already; the domain is `<key>.test` if none is given."""
    domain = domain or f"{key}.test"
    return _PARTY.format(key=key, kind=kind, domain=domain, laws=laws, channels=channels, more=more)
