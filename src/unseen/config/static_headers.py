"""Headers of static files: a worker is bound by its own answer's headers, not by those of the page that starts it."""

from wsgiref.headers import Headers

DEVICE = "/web/device/"
# The worker on a reporter's device decodes hostile files: it may load its decoders from us and reach nobody.
_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"


def add_headers(headers: Headers, path: str, url: str) -> None:
    """As WhiteNoise calls it, for each file. A page that asks for embedder protection starts only workers that do, too."""
    headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if DEVICE in url:
        headers["Content-Security-Policy"] = _POLICY
