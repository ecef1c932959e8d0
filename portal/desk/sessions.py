"""Sessions in the database, begun by one statement."""

from django.contrib.sessions.backends import base, db
from django.contrib.sessions.models import Session
from django.utils.crypto import get_random_string


class SessionStore(db.SessionStore[Session]):
    """Django's, but that nobody asks first whether a fresh random key is taken: the INSERT tells."""

    def _get_new_session_key(self) -> str:
        return get_random_string(32, base.VALID_KEY_CHARS)
