"""The case bundle: a BagIt ZIP with originals, a report and every proof, which verifies without the portal."""

from .export import NotWhole, stream

__all__ = ["NotWhole", "stream"]
