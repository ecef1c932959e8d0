"""The second factor of staff: a six-digit code of their phone, or a recovery code.

django-allauth stores the secrets and computes the codes (RFC 6238). This file sets factors up, limits wrong
attempts, and records changes in the ledger.
"""

import base64
import logging

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints import throttle
from complaints.models import CodeTries, StaffMember, event_kinds
from complaints.reference import folding
from evidence.ledger import Actor

from . import access, allauth_mfa, role_log
from .allauth_mfa import RecoveryCodes

log = logging.getLogger(__name__)
fresh_secret = allauth_mfa.generate_totp_secret


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Adapts allauth: encrypts the secrets, and names them on the phone."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises Unreadable."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("a second factor cannot be read: its SECRET_KEY is not in SECRET_KEY_FALLBACKS")
            raise Unreadable from None

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def get_totp_label(self, user: StaffMember) -> str:
        return user.get_username()


class Unreadable(Exception):
    """The second factor was encrypted under a SECRET_KEY that is neither in SECRET_KEY nor in its fallbacks."""

    sentence = _(
        "Your second factor cannot be read: it was encrypted with another SECRET_KEY. The person who "
        "runs the server has to add that key to SECRET_KEY_FALLBACKS. Then your codes work again."
    )


class TooManyMisses(Exception):
    """After too many wrong codes, no code is accepted for a while."""


def is_set_up(member: StaffMember) -> bool:
    return bool(Authenticator.objects.filter(user=member, type=Authenticator.Type.TOTP).exists())


def address(member: StaffMember, secret: str) -> str:
    """The otpauth URL of the secret, which the phone reads from a QR code."""
    written: str = Adapter().build_totp_url(member, secret)
    return written


@transaction.atomic
def set_up(member: StaffMember, secret: str, code: str) -> list[str]:
    """Set up the secret as the member's second factor, if `code` shows that their phone has it.

    Returns the recovery codes; an empty list if the code is wrong or the member already has a second factor.
    """
    tries, code = _tries(member), folding.digits(code)
    step = _step_of(secret, code)
    if step is None or is_set_up(member):
        return []
    allauth_mfa.TOTP.activate(member, secret)
    tries.step = step
    tries.save()
    codes: list[str] = RecoveryCodes.activate(member).generate_codes()
    role_log.record_second_factor(member, event_kinds.STAFF_SECOND_FACTOR_SET, by=access.actor(member))
    return codes


@transaction.atomic
def accepts(member: StaffMember, code: str) -> bool:
    """Whether this is a valid unused code or recovery code of the member. Counts misses from all senders, because
    only somebody with the password gets this far. Raises TooManyMisses."""
    tries, code = _tries(member), folding.digits(code)
    if tries.not_before and timezone.now() < tries.not_before:
        raise TooManyMisses
    accepted = _is_next_code(member, code, tries) or _is_recovery_code(member, code)
    tries.misses = 0 if accepted else tries.misses + 1
    tries.not_before = None if accepted else timezone.now() + throttle.wait_after(tries.misses)
    tries.save()
    return accepted


def recovery_codes_left(member: StaffMember) -> int:
    kept = Authenticator.objects.filter(user=member, type=Authenticator.Type.RECOVERY_CODES).first()
    try:
        return len(RecoveryCodes(kept).get_unused_codes()) if kept else 0
    except Unreadable:
        return 0


@transaction.atomic
def renew_recovery_codes(member: StaffMember) -> list[str]:
    """Replace the recovery codes by new ones, and return those."""
    Authenticator.objects.filter(user=member, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(member).generate_codes()
    return codes


def code_now(member: StaffMember) -> str:
    """The next code that is accepted; an empty string without a second factor. For the demo, which needs no
    phone."""
    try:
        secret = _secret_of(member)
    except Unreadable:
        return ""
    tries = CodeTries.objects.filter(member=member).first()
    _before, now, after = allauth_mfa.yield_hotp_counters_from_time()
    return code_of(secret, after if tries and tries.step >= now else now) if secret else ""


def code_of(secret: str, step: int) -> str:
    """The code of the secret for a time step (half minutes since 1970)."""
    return str(allauth_mfa.format_hotp_value(allauth_mfa.hotp_value(secret, step)))


@transaction.atomic
def take_away(member: StaffMember, *, by: Actor, asked_by: StaffMember | None) -> None:
    """Remove the member's second factor, so that they can set up another, and end their sessions.

    A role that opens evidence then waits for a supervisor's confirmation, so that nobody else gets it by this.
    """
    member = StaffMember.objects.select_for_update().get(pk=member.pk)
    role_log.end_sessions(member)
    Authenticator.objects.filter(user=member).delete()
    CodeTries.objects.filter(member=member).delete()
    role_log.record_second_factor(member, event_kinds.STAFF_SECOND_FACTOR_TAKEN_AWAY, by=by)
    role_log.ask_again(member, by=by, asked_by=asked_by)


def _secret_of(member: StaffMember) -> str | None:
    kept = Authenticator.objects.filter(user=member, type=Authenticator.Type.TOTP).first()
    return Adapter().decrypt(kept.data["secret"]) if kept else None


def _tries(member: StaffMember) -> CodeTries:
    """The member's row, locked, so that a code cannot be used twice at the same time."""
    return CodeTries.objects.select_for_update().get_or_create(member=member)[0]


def _is_next_code(member: StaffMember, code: str, tries: CodeTries) -> bool:
    secret = _secret_of(member)
    step = _step_of(secret, code) if secret else None
    if step is None or step <= tries.step:
        return False
    tries.step = step
    return True


def _is_recovery_code(member: StaffMember, code: str) -> bool:
    kept = Authenticator.objects.filter(user=member, type=Authenticator.Type.RECOVERY_CODES).first()
    return bool(kept and RecoveryCodes(kept).validate_code(code))


def _step_of(secret: str, code: str) -> int | None:
    """The time step for which this is the secret's code, of those still accepted; else None."""
    for step in allauth_mfa.yield_hotp_counters_from_time():
        if allauth_mfa.compare_user_code(actual=code, expected=code_of(secret, step)):
            return int(step)
    return None


def _cipher() -> MultiFernet:
    """Encrypts with the current SECRET_KEY; decrypts with the earlier ones too."""
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=b"holdfast second factor").derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
