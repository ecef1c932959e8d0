"""Runs the same papers through both verifiers: the Python one here, the browser's one in one open page."""

import base64
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from evidence import holdfast_verify as verifier

# Runs the verifier's modules in the page itself, without its buttons.
RUN = """async (papers) => {
  const { verify } = await import("/static/verify/verify.js");
  const { told } = await import("/static/verify/words.js");
  const file = ([name, text]) => new File([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))], name);
  const found = [];
  for (const { kind, paper, kept, keys, roots, witnesses, quorum } of papers) {
    let done = null;
    const tell = (one) => { done = one.done ?? done; };
    const held = { kept: kept.map(file), keys, roots: roots.map(file) };
    await verify({ kind, file: file(paper), ...held, others: [], witnesses, quorum }, tell);
    const broken = done.broken ?? done.unread;
    const all = [...done.doubts, ...done.cautions, ...(done.vouched ? [done.vouched] : [])];
    const noted = all.map((one) => told(one, "en"));
    found.push([done.result, broken ? broken.name : "", broken ? told(broken.says, "en") : "", noted]);
  }
  return found;
}"""


@dataclass(frozen=True)
class Verdict:
    """The result of a run, and the first check that failed, or could not be made. The notes are not compared."""

    result: str
    link: str
    says: str
    noted: list[str] = field(default_factory=list, compare=False)  # doubts, notes, and what witnesses vouch for

    @property
    def is_broken(self) -> bool:
        return self.result == "broken"


@dataclass
class Both:
    """Both verifiers. `page` is any page of the portal."""

    page: Page

    def verdicts(self, path: Path, *kept: Path, **named: Any) -> tuple[Verdict, Verdict]:
        """What both verifiers say of a bundle or receipt, the Python one first. `named` are `roots` (a folder),
        keys of `witnesses`, and `quorum`."""
        return by_python(path, *kept, **named), self.by_browser(path, *kept, **named)

    def by_browser(
        self, path: Path, *kept: Path, roots: Path | None = None, witnesses: str = "", quorum: str = ""
    ) -> Verdict:
        kind = "bundle" if path.suffix == ".zip" else "receipt"
        told = [_told(one) for one in kept]
        keys = [one.read_text() for one in sorted(roots.glob("*.vkey"))] if roots else []
        pems = [_told(one) for one in sorted(roots.glob("*.pem"))] if roots else []
        job = {"kind": kind, "paper": _told(path), "kept": told, "keys": keys, "roots": pems}
        job |= {"witnesses": witnesses, "quorum": quorum}
        found: list[Any] = self.page.evaluate(RUN, [job])
        return Verdict(*found[0])


def by_python(
    path: Path, *kept: Path, roots: Path | None = None, witnesses: str = "", quorum: str = ""
) -> Verdict:
    named = [witnesses] if witnesses else [], int(quorum) if quorum else None
    report = verifier.verify(str(path), [str(one) for one in kept], str(roots) if roots else None, *named)
    broken = report.first_broken or report.first_unread or verifier.Check("", True, "")
    noted = [*report.doubts, *report.cautions, *([report.vouched] if report.vouched else [])]
    return Verdict(report.result, broken.name, broken.says, noted)


def _told(path: Path) -> list[str]:
    return [path.name, base64.b64encode(path.read_bytes()).decode()]
