"""The case bundle: a BagIt ZIP with originals, a report and every proof, which verifies without the portal."""

from .export import Made, NotWhole, make, stream
from .options import Options
from .plan import check, opened, written

__all__ = ["Made", "NotWhole", "Options", "check", "make", "opened", "stream", "written"]
