"""What Celery beat sends, and how often."""

from typing import Any

PULSE_SECONDS = 60


def of(queues: list[str], sweep_seconds: int) -> dict[str, dict[str, Any]]:
    """CELERY_BEAT_SCHEDULE. A sweep that waited as long as its interval is dropped: the next one comes."""
    dropped = {"options": {"expires": sweep_seconds}}
    return {
        "seal what no message reached": {"task": "evidence.tasks.sweep", "schedule": sweep_seconds, **dropped},
        "scan what no message reached": {"task": "evidence.tasks.scan_rest", "schedule": sweep_seconds, **dropped},
        "view what no message reached": {
            "task": "evidence.tasks.examine_rest",
            "schedule": sweep_seconds,
            **dropped,
        },
        "sign a checkpoint": {"task": "evidence.tasks.sign_checkpoint", "schedule": sweep_seconds, **dropped},
        "re-hash what is stored": {"task": "evidence.tasks.recheck", "schedule": 60},
        "re-hash documents": {"task": "complaints.tasks.recheck_documents", "schedule": 60},
        "route what no message reached": {"task": "complaints.tasks.sweep", "schedule": sweep_seconds, **dropped},
        "tell whose clock is due": {"task": "complaints.tasks.watch_clocks", "schedule": sweep_seconds, **dropped},
        "make bundles that no message reached": {
            "task": "complaints.tasks.make_bundles",
            "schedule": sweep_seconds,
            **dropped,
        },
        "send notices that no message reached": {"task": "complaints.tasks.send_notices", "schedule": 60},
        "remind of dates from courts": {"task": "complaints.tasks.remind_of_court", "schedule": 3600},
        "follow up enquiries": {"task": "complaints.tasks.follow_up_enquiries", "schedule": 300},
        "send enquiries that no message reached": {"task": "complaints.tasks.send_enquiry_mail", "schedule": 60},
        "clear away what interruptions left": {"task": "evidence.tasks.clear_away", "schedule": 3600},
        "look after the portal": {"task": "portal.tasks.look_after_the_portal", "schedule": 60, **dropped},
        "forget expired drafts": {"task": "complaints.tasks.forget_expired_drafts", "schedule": 3600},
        **{f"pulse of {queue}": _pulse(queue) for queue in queues},
    }


def _pulse(queue: str) -> dict[str, Any]:
    """A message to each queue: the worker that serves it notes the time."""
    return {
        "task": "portal.tasks.pulse",
        "args": [queue],
        "schedule": PULSE_SECONDS,
        "options": {"queue": queue, "expires": PULSE_SECONDS},
    }
