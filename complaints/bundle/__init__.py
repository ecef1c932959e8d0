"""The case bundle: a BagIt ZIP with originals, a report and every proof, which verifies without the portal."""

from .export import Made, NotWhole, make, stream
from .options import Options
from .plan import check, keep, opened

__all__ = ["Made", "NotWhole", "Options", "check", "keep", "make", "opened", "stream"]
