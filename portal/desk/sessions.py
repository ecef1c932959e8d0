"""Database sessions that begin with one statement instead of two."""

from django.contrib.sessions.backends import base, db
from django.contrib.sessions.models import Session
from django.utils.crypto import get_random_string


class SessionStore(db.SessionStore[Session]):
    """Django's store, without its query whether a new random key exists: the INSERT would fail if it did."""

    def _get_new_session_key(self) -> str:
        return get_random_string(32, base.VALID_KEY_CHARS)
