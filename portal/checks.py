"""What `check --deploy` says about the servers that the portal stands on."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from . import connections


@register(Tags.security, deploy=True)
def there_are_enough_connections(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """PostgreSQL's connections are enough for all web processes and workers. Says too when it does not answer."""
    if not connections.is_postgres(settings.DATABASES["default"]):
        return []
    try:
        needed, available = connections.needed(), connections.available()
    except DatabaseError as problem:
        first = str(problem).partition("\n")[0]
        return [Error(f"The database does not answer: {first}", id="portal.E001")]
    if needed <= available:
        return []
    return [
        Error(
            f"{settings.WEB_PROCESSES} web processes with {settings.DATABASE_POOL} connections each, workers and "
            f"commands may need {needed} connections, but PostgreSQL gives this role {available}.",
            hint="Lower DATABASE_POOL, or raise max_connections of PostgreSQL.",
            id="portal.E002",
        )
    ]
