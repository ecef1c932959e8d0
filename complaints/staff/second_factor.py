"""The second factor of staff: the six digits of their phone, or a recovery code.

django-allauth keeps the secrets and knows the arithmetic (RFC 6238); here is who sets one up, how often one may
miss, and what of it is on the ledger.
"""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from complaints import throttle
from complaints.models import CodeTries, StaffMember, event_kinds
from evidence.ledger import Actor

from . import access, allauth_mfa, role_log
from .allauth_mfa import RecoveryCodes

fresh_secret = allauth_mfa.generate_totp_secret


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What allauth asks of the portal: how secrets are encrypted, and what a phone calls them."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def get_totp_label(self, user: StaffMember) -> str:
        return user.get_username()


class TooManyMisses(Exception):
    """The next code counts only later."""


def is_set_up(member: StaffMember) -> bool:
    return bool(Authenticator.objects.filter(user=member, type=Authenticator.Type.TOTP).exists())


def address(member: StaffMember, secret: str) -> str:
    """What a phone reads from the picture: an otpauth address."""
    written: str = Adapter().build_totp_url(member, secret)
    return written


@transaction.atomic
def set_up(member: StaffMember, secret: str, code: str) -> list[str]:
    """Take the secret that the member's phone has, as its code shows; gives the recovery codes, or nothing when
    the code is wrong. Somebody who has a second factor gets no other: that one has to be taken away first."""
    tries = _tries(member)
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
    """Whether this is a code of theirs that was not used before. Each miss counts, wherever it comes from: only
    who has the password gets this far."""
    tries = _tries(member)
    if tries.not_before and timezone.now() < tries.not_before:
        raise TooManyMisses
    accepted = _is_next_code(member, code, tries) or _is_recovery_code(member, code)
    tries.misses = 0 if accepted else tries.misses + 1
    tries.not_before = None if accepted else timezone.now() + throttle.wait_after(tries.misses)
    tries.save()
    return accepted


def recovery_codes_left(member: StaffMember) -> int:
    kept = Authenticator.objects.filter(user=member, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(kept).get_unused_codes()) if kept else 0


@transaction.atomic
def renew_recovery_codes(member: StaffMember) -> list[str]:
    """New ones in place of the old."""
    Authenticator.objects.filter(user=member, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(member).generate_codes()
    return codes


def code_now(member: StaffMember) -> str:
    """The next code that counts. For the demo, where nobody needs a phone."""
    secret = _secret_of(member)
    tries = CodeTries.objects.filter(member=member).first()
    _before, now, after = allauth_mfa.yield_hotp_counters_from_time()
    return code_of(secret, after if tries and tries.step >= now else now) if secret else ""


def code_of(secret: str, step: int) -> str:
    """The code of a secret for one of the half minutes since 1970."""
    return str(allauth_mfa.format_hotp_value(allauth_mfa.hotp_value(secret, step)))


@transaction.atomic
def take_away(member: StaffMember, *, by: Actor, asked_by: StaffMember | None) -> None:
    """From somebody who lost it, so that they set up another. A role that opens evidence goes with it, until a
    supervisor confirms the person behind the next one: nobody takes over an identity by this alone."""
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
    """The member's row, locked: two who show the same code at once come one after the other."""
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
    """For which half minute this is the secret's code, of those that still count."""
    for step in allauth_mfa.yield_hotp_counters_from_time():
        if allauth_mfa.compare_user_code(actual=code, expected=code_of(secret, step)):
            return int(step)
    return None


def _cipher() -> MultiFernet:
    """Of the portal's secret, and of those before it."""
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=b"holdfast second factor").derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
