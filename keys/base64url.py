"""base64url without padding (RFC 4648 section 5), in its one spelling."""

import binascii
from base64 import urlsafe_b64encode

# base64url → base64; what base64 alone has, padding included, becomes what neither has: it would be a second spelling.
_FROM_URL = bytes.maketrans(b"-_+/=", b"+/!!!")


def encode(data: bytes) -> str:
    """Return the bytes as base64url."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Return the bytes that a text stands for.

    Raises:
        ValueError: Another alphabet, padding, white space, or bits beyond the last byte that are not zero.
    """
    rest = len(text) % 4
    data = binascii.a2b_base64(text.encode("ascii").translate(_FROM_URL) + b"=" * (-rest % 4), strict_mode=True)
    # Only a last group of two or three characters has bits beyond its bytes.
    if rest and encode(data[-(rest - 1) :]) != text[-rest:]:
        raise ValueError("base64url in a second spelling")
    return data
