"""Makes verify.html: the verifier of static/verify/ in one file that works offline.

The JavaScript modules become one script. The Content-Security-Policy in the file allows this script alone, so the
page can load nothing and send nothing. The same sources always make the same bytes.
"""

import base64
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from .holdfast_verify import sha256

TEMPLATE = Path(__file__).with_name("verify_page.html")
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async |const |class |function ))", re.MULTILINE)
DECLARED = re.compile(r"^(?:async )?(?:const|let|class|function) (\w+)", re.MULTILINE)


@lru_cache(maxsize=1)
def html() -> bytes:
    """The whole file. Raises ValueError when the modules cannot be joined to one script."""
    folder = Path(settings.BASE_DIR) / "static" / "verify"
    code = _script(folder)
    sheets = (folder.parent / "colours.css", folder / "alone.css", folder / "verify.css")
    style = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    parts = {"policy": _policy(code, style), "style": style, "script": code}
    page = TEMPLATE.read_text(encoding="utf-8")
    return re.sub("@(policy|style|script)@", lambda found: parts[found[1]], page).encode()


def digest() -> str:
    """SHA-256 of the file in hex, which the portal publishes."""
    return sha256(html()).hex()


def _script(folder: Path) -> str:
    """All modules in one text, each after the modules it imports, without `import` and `export`."""
    found: dict[str, str] = {}
    for entry in ("worker", "page"):
        _collect(folder, entry, found)
    code = "\n".join(found.values())
    names = DECLARED.findall(code)
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two modules declare the same name: {sorted(twice)}")
    if "</script" in code or re.search(r"^(?:import|export)\b", code, re.MULTILINE):
        raise ValueError("the modules cannot stand in one script")
    return code


def _collect(folder: Path, name: str, found: dict[str, str]) -> None:
    if name in found:
        return
    source = (folder / f"{name}.js").read_text(encoding="utf-8")
    for other in IMPORT.findall(source):
        _collect(folder, other, found)
    found[name] = EXPORT.sub("", IMPORT.sub("", source))


def _policy(code: str, style: str) -> str:
    """A Content-Security-Policy that allows this script, this style and a worker made from the script."""
    script_hash, style_hash = (base64.b64encode(sha256(text.encode())).decode() for text in (code, style))
    return (
        f"default-src 'none'; script-src 'sha256-{script_hash}'; style-src 'sha256-{style_hash}'; "
        "worker-src blob:; base-uri 'none'; form-action 'none'"
    )
