"""What must be settled before Django reads its settings. pytest loads this first (`-p tests.environment`).

A fresh data folder, the demo's defaults, and nothing of the developer's own environment.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import hypothesis

SETTINGS_FROM_OUTSIDE = (
    "ACCESS_CODE_KEY",
    "ADMINS",
    "ALLOWED_HOSTS",
    "BEHIND_PROXY",
    "COUNTRY",
    "DATABASE_URL",
    "EMAIL_FROM",
    "EMAIL_URL",
    "HELPLINES",
    "LEDGER_ORIGIN",
    "OFFICE_ADDRESS",
    "OFFICE_CODE",
    "OFFICE_EMAIL",
    "OFFICE_NAME",
    "OFFICE_SIGNS",
    "OFFICE_PHONE",
    "PRIVACY_FROM",
    "PRIVACY_PLACE",
    "LEDGER_SIGNING_KEY",
    "REDIS_URL",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "SITE_COLOUR",
    "SITE_NAME",
    "SMS_BACKEND",
    "STAFF_IDLE_MINUTES",
    "STAFF_SESSION_HOURS",
    "STORAGE_URL",
    "TIMESTAMP_AUTHORITIES",
    "TIME_ZONE",
    "VAULT_MASTER_KEYS",
)

for name in SETTINGS_FROM_OUTSIDE:
    os.environ.pop(name, None)
os.environ["HOLDFAST_DEMO"] = "1"
os.environ["QUIET_HOURS"] = ""  # tests run at night, too
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="holdfast-test-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
if "PYTEST_XDIST_WORKER" not in os.environ:  # the first process; the others have its environment
    os.environ["HOLDFAST_TESTS_SHARED"] = tempfile.mkdtemp(prefix="holdfast-tests-shared-")
    atexit.register(shutil.rmtree, os.environ["HOLDFAST_TESTS_SHARED"], ignore_errors=True)
(Path(os.environ["DATA_DIR"]) / "static").mkdir()  # WhiteNoise warns when there is none
if url := os.environ.get("TEST_DATABASE_URL"):  # set by `python -m tests.on_postgres`
    os.environ["DATABASE_URL"] = url

hypothesis.settings.register_profile("suite", deadline=None)  # a busy machine is no fault
hypothesis.settings.load_profile("suite")
