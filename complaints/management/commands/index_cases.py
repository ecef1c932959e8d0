"""`index_cases`: builds the search text of every case anew, for instance after its rules have changed."""

from typing import Any

from django.core.management.base import BaseCommand

from complaints.cases import search


class Command(BaseCommand):
    help = "Write the search index of all cases anew. Search goes on working meanwhile."

    def handle(self, **options: Any) -> None:
        done = 0
        for done in search.rebuild():
            self.stdout.write(f"{done} cases")
        self.stdout.write(f"{done} cases can be found by their words.")
