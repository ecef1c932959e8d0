"""`index_cases`: write the search index of all cases anew, by the present rules.

It is needed after an update that changed how texts are folded (`complaints.cases.search.rules`), and when a backup
from before such an update was restored. `make run` does it by itself after an update."""

from typing import Any

from complaints.cases import search
from evidence.management.plain import Plain


class Command(Plain):
    help = "Write the search index of all cases anew. Search goes on working meanwhile."

    def handle(self, **options: Any) -> None:
        done = 0
        for done in search.rebuild():
            self.stdout.write(f"{done} cases")
        self.stdout.write(f"{done} cases can be found by their words.")
