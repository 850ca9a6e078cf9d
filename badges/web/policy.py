"""What our pages may do in a browser: the security headers of every answer, and of the few that may do more."""

from types import MappingProxyType

STRICT = MappingProxyType(
    {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
)
SCANS = "akashi-scan"
"""The name under which a page that scans starts its worker."""

SCANNER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
"""Of the scanner's worker, which has its own: it alone compiles WebAssembly, so that no page needs to."""


OFFLINE = "akashi-offline"
"""The name under which a page that works without a connection starts its service worker."""


def security_headers(*, camera: bool = False, offline: bool = False) -> dict[str, str]:
    """Return the headers of an answer; with `camera`, those of a page that scans, with `offline`, of one to install.

    What a camera shows is no address that a page loads, so that `media-src` stays shut; a worker is a script, so that
    `script-src` stands for `worker-src`.
    """
    names = " ".join(name for name, may in ((SCANS, camera), (OFFLINE, offline)) if may)
    policy = STRICT | ({"trusted-types": names} if names else {}) | ({"manifest-src": "'self'"} if offline else {})
    cameras = "(self)" if camera else "()"
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": f"camera={cameras}, microphone=(), geolocation=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
