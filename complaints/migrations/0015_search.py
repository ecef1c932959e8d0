"""The index of search, which each database keeps in its own way, and what was filed before it."""

from typing import Any

from django.db import migrations
from django.db.migrations.state import StateApps

POSTGRESQL = (
    "CREATE INDEX complaints_grams ON complaints_searchable USING gin (string_to_array(grams, ' '))",
    "ALTER TABLE complaints_searchable ALTER COLUMN grams SET STORAGE EXTERNAL",
)
REMOVED = "INSERT INTO complaints_grams (complaints_grams, rowid, grams) VALUES ('delete', old.case_id, old.grams);"
ADDED = "INSERT INTO complaints_grams (rowid, grams) VALUES (new.case_id, new.grams);"
SQLITE = (
    "CREATE VIRTUAL TABLE complaints_grams USING fts5("
    "grams, content='complaints_searchable', content_rowid='case_id', detail=none, columnsize=0, tokenize='ascii')",
    f"CREATE TRIGGER complaints_grams_added AFTER INSERT ON complaints_searchable BEGIN {ADDED} END",
    f"CREATE TRIGGER complaints_grams_removed AFTER DELETE ON complaints_searchable BEGIN {REMOVED} END",
    "CREATE TRIGGER complaints_grams_changed AFTER UPDATE ON complaints_searchable "
    f"BEGIN {REMOVED} {ADDED} END",
)


def make(apps: StateApps, schema_editor: Any) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unmake(apps: StateApps, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX complaints_grams")
        return
    for name in ("added", "removed", "changed"):
        schema_editor.execute(f"DROP TRIGGER complaints_grams_{name}")
    schema_editor.execute("DROP TABLE complaints_grams")


def fill(apps: StateApps, schema_editor: Any) -> None:
    """Make findable, and say of what an answer is waited for, what was filed before."""
    from complaints import search

    cases: Any = apps.get_model("complaints", "Case").objects
    kept = apps.get_model("complaints", "Searchable").objects
    for case in cases.select_related("complaint").iterator():
        written = case.messages.filter(written_by=None).values_list("text", flat=True)
        found = search.row(case, case.complaint, case.contacts.all(), written)
        kept.create(case=case, text=found.text, grams=found.grams)
        open_ones = case.messages.filter(kind="question", answer=None)
        asked = [*open_ones.values_list("written_at", flat=True)]
        asked += case.enquiries.filter(asked__state="").values_list("sent_at", flat=True)
        cases.filter(pk=case.pk).update(waiting_since=min(asked, default=None))


class Migration(migrations.Migration):
    dependencies = [("complaints", "0014_queues")]

    operations = [
        migrations.RunPython(make, unmake),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
