"""Prepares the data folder before the portal starts: tables, search index, static files, the demo's
cases."""

import hashlib
import io
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from evidence.viewing.confined import calls
from portal.demo import LOGINS


def say(line: str) -> None:
    print(line, flush=True)


def prepare_all() -> None:
    """Create or update what is missing; quick if nothing is. Raises what Django's commands raise."""
    django.setup()
    from django.db import connections  # after setup()

    call_command("check", stdout=io.StringIO())  # raises on faults; its "no issues" is not printed
    _bring_the_tables_up_to_date()
    _index_the_cases_by_the_present_rules()
    _collect_changed_static_files()
    if settings.DEMO:
        _fill_the_demo()
    if problem := calls.missing():
        say(f"Note: what opens uploaded files is confined less here than on Linux: {problem}.")
    connections.close_all()


def _bring_the_tables_up_to_date() -> None:
    from django.db import connection  # after setup()
    from django.db.migrations.executor import MigrationExecutor  # after setup()

    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say(f"Making the tables ({len(plan)} migrations)")
        call_command("migrate", interactive=False, verbosity=0)


def _index_the_cases_by_the_present_rules() -> None:
    """Index all cases anew if this portal last indexed them by other rules, as before an update."""
    from complaints.cases import search  # after setup()
    from complaints.models import Case  # after setup()

    known, rules = settings.DATA_DIR / "search-rules", search.rules()
    if known.exists() and known.read_text() == rules:
        return
    if Case.objects.exists():
        say("Indexing the cases anew for the search")
        call_command("index_cases", stdout=io.StringIO())
    known.write_text(rules)


def _collect_changed_static_files() -> None:
    """Collect static files if a source has changed since the last time: this is the slowest step."""
    found = [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]
    state = [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in sorted(found)]
    fingerprint = hashlib.sha256("\n".join(state).encode()).hexdigest()
    collected = settings.STATIC_ROOT / ".collected"
    if not collected.exists() or collected.read_text() != fingerprint:
        call_command("collectstatic", interactive=False, verbosity=0)
        collected.write_text(fingerprint)


def _fill_the_demo() -> None:
    from complaints.models import Case  # after setup()

    if not Case.objects.exists():
        say("Making the demo's staff and cases")
    call_command("demo")


def introduce(address: str) -> None:
    """Print the addresses and, in the demo, the logins."""
    say("")
    say(f"  The portal         {address}/")
    say(f"  Follow a case      {address}/follow/")
    say(f"  The office's desk  {address}/admin/")
    if settings.DEMO:
        say("")
        say("  Demo logins for the desk")
        for username, password, role in LOGINS:
            say(f"  {username:<17}  {password}  ({role})")
        say("  The page after the password says the code of the second factor, in the demo only.")
    say("")
