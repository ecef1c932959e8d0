"""The settings of every installation. All values come from the environment.

With `HOLDFAST_DEMO=1` (set by `make run` and the tests) each setting has a default, and secrets are generated in
the data folder. Without it, the portal does not start if a required setting is missing or any is wrong, and has a
sentence for each.
"""

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import django_stubs_ext
from kombu import Exchange, Queue

from . import environment, schedule, values
from .environment import DEMO, flag, kept_secret, number, redis_client_url, required, several, text, value
from .look import colour
from .static_files import add_headers

django_stubs_ext.monkeypatch()  # makes ModelAdmin[Case] and the like possible

BASE_DIR = Path(__file__).resolve().parent.parent

os.umask(0o077)  # what this process writes is for its own user: files hold statements and keys
DATA_DIR = required("DATA_DIR", str(BASE_DIR / "var"), Path).resolve()
SITE_NAME: str = text("SITE_NAME", "Holdfast 留证", values.line)
# Who runs the portal, for its pages and reports: a court asks for name, address and registration code.
OFFICE_NAME: str = text("OFFICE_NAME", convert=values.line)
OFFICE_ADDRESS: str = text("OFFICE_ADDRESS", convert=values.line)
OFFICE_CODE: str = text("OFFICE_CODE", convert=values.line)
OFFICE_SIGNS: str = text("OFFICE_SIGNS", "name", values.signature)  # how decisions name the person who made them
OFFICE_PHONE: str = text("OFFICE_PHONE", convert=values.line)
OFFICE_EMAIL: str = text("OFFICE_EMAIL", convert=values.line)  # also for questions about personal data
PRIVACY_FROM = value("PRIVACY_FROM", "", values.day)  # the day from which the privacy notice applies
PRIVACY_PLACE: str = text("PRIVACY_PLACE", convert=values.line)  # where the data is kept
SITE_COLOUR: str = text("SITE_COLOUR", convert=colour.checked)  # empty: the shipped teal
EXIT_URL: str = text("EXIT_URL", "https://www.baidu.com/")
COUNTRY: str = text("COUNTRY", "CN")  # its helplines are shown first
HELPLINES: str = text("HELPLINES")  # path of a TOML file; empty: the shipped numbers
CLOCKS: str = text("CLOCKS")  # path of a TOML file; empty: the shipped time limits

SECRET_KEY = kept_secret("SECRET_KEY", DATA_DIR, values.secret)
SECRET_KEY_FALLBACKS: list[str] = several("SECRET_KEY_FALLBACKS")  # earlier keys, still accepted
ACCESS_CODE_KEY = kept_secret("ACCESS_CODE_KEY", DATA_DIR, values.secret)  # for digests of access and draft codes
LEDGER_SIGNING_KEY = kept_secret("LEDGER_SIGNING_KEY", DATA_DIR, values.seed)  # Ed25519 seed, base64
LEDGER_ORIGIN = required("LEDGER_ORIGIN", "holdfast.demo/ledger", values.ledger_name)

DEBUG = False
ALLOWED_HOSTS: list[str] = required("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", values.several)
CSRF_TRUSTED_ORIGINS: list[str] = value("CSRF_TRUSTED_ORIGINS", "", values.origins)
BEHIND_PROXY: bool = flag("BEHIND_PROXY")

INSTALLED_APPS = [
    "portal.apps.DeskConfig",  # django.contrib.admin with our own site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # its templates, for FORM_RENDERER
    "crispy_forms",
    "crispy_bootstrap5",
    "allauth",  # for the second factor only; none of its pages are used
    "allauth.account",
    "allauth.mfa",
    "axes",
    "evidence",
    "complaints",
    "portal.apps.PortalConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.content_security_policy",
    "portal.middleware.no_connection_while_sending",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "complaints.views.whose.PagesKeptApart",
    "portal.middleware.SignedInByBothFactors",
    "complaints.views.idle.DraftsCloseWhenIdle",
    "complaints.views.language.WordsKept",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # allauth does not start without it
    "axes.middleware.AxesMiddleware",
]
if BEHIND_PROXY:
    MIDDLEWARE.insert(0, "portal.middleware.the_senders_address")

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
AUTH_USER_MODEL = "complaints.StaffMember"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.middleware.site",
                "portal.desk.unsent.form_token",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

SQLITE = f"sqlite:///{DATA_DIR}/holdfast.sqlite3"
DATABASES: dict[str, dict[str, Any]] = {"default": required("DATABASE_URL", SQLITE, values.database)}
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a restarted PostgreSQL costs nobody an error
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "portal.sqlite"  # writers are served in their order
    DATABASES["default"]["OPTIONS"] = {
        # One writer at a time; others wait, readers never do. FULL: a commit is on disk. MEMORY: no other folder.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; "
        "PRAGMA recursive_triggers=ON; PRAGMA temp_store=MEMORY;",
    }
    # A file and not memory, so that a worker in another process sees what a test wrote.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)  # seconds
DATABASE_POOL: int = number("DATABASE_POOL", 16, 1)  # most connections of one web process to PostgreSQL
WEB_PROCESSES: int = number("WEB_PROCESSES", 1, 1)  # in all; `check --deploy` multiplies by it


REDIS_SOCKET = environment.socket_in(DATA_DIR)
REDIS_URL = required("REDIS_URL", f"redis+socket://{REDIS_SOCKET}?virtual_host=0", values.redis)
REDIS_CLIENT_URL = redis_client_url(REDIS_URL)  # attempts are counted there too

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # workers and beat wait for Redis as long as it takes
CELERY_BEAT_SCHEDULER = "portal.outages.beat:Scheduler"
# A message that cannot be sent is dropped at once: a sweep finds the row later.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 0, "socket_timeout": 1, "socket_connect_timeout": 1}
CELERY_TASK_ROUTES = {
    "evidence.tasks.examine_*": {"queue": "previews"},  # these and the next two are slow: each has its own queue
    "evidence.tasks.scan_*": {"queue": "scans"},
    "evidence.tasks.*": {"queue": "evidence"},
    "complaints.tasks.make_bundle*": {"queue": "bundles"},
    "complaints.tasks.*": {"queue": "cases"},
    "portal.tasks.*": {"queue": "cases"},
}
# All queues there are. A worker started without --queues serves all of them; one for another name does not start.
QUEUES = sorted({route["queue"] for route in CELERY_TASK_ROUTES.values()})
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), name) for name in QUEUES]
CELERY_TASK_DEFAULT_QUEUE = "cases"
CELERY_TASK_CREATE_MISSING_QUEUES = False
SWEEP_SECONDS: int = number("SWEEP_SECONDS", 15, 1)
RECHECK_BYTES: int = number("RECHECK_BYTES", 256 * 1024 * 1024)  # re-hashed each minute
CELERY_BEAT_SCHEDULE = schedule.of(QUEUES, SWEEP_SECONDS)

VAULT_MASTER_KEYS = kept_secret("VAULT_MASTER_KEYS", DATA_DIR, values.master_keys)
STORAGE_URL = required("STORAGE_URL", f"file://{DATA_DIR}/vault", values.storage)
MAX_FILE_BYTES: int = number("MAX_FILE_BYTES", 500 * 1024 * 1024, 1)
CLAMD_URL: str = text("CLAMD_URL", convert=values.scanner)  # empty: nothing is scanned
MAX_DRAFT_FILES: int = number("MAX_DRAFT_FILES", 50, 1)
MAX_DRAFT_BYTES: int = number("MAX_DRAFT_BYTES", 4 * 1024**3, 1)
MAX_UNSENT_BYTES: int = number("MAX_UNSENT_BYTES", 5 * MAX_DRAFT_BYTES, 1)  # of all drafts of one network
MIN_FREE_BYTES: int = number("MIN_FREE_BYTES", 1024**3)  # no upload begins if less would stay free
UPLOAD_DAYS: int = number("UPLOAD_DAYS", 7, 1)  # how long an unfinished upload waits for its next bytes
UPLOADS_AT_ONCE: int = number("UPLOADS_AT_ONCE", 48, 1)  # per process; each takes one of its threads
# Encrypts at once: Django's own handlers write readable temporary files.
FILE_UPLOAD_HANDLERS = ["evidence.receiving.multipart.StagingUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = None  # the handler counts them, and names those that are too many
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024  # so that fields that are too long get an error message, not a 400
BUNDLE_DAYS: int = number("BUNDLE_DAYS", 7, 1)  # how long a made case bundle can be fetched
TWO_PERSON_EXPORTS: bool = flag("TWO_PERSON_EXPORTS")  # a second person approves each bundle
DRAFT_DAYS: int = number("DRAFT_DAYS", 30, 1)
# The most compensation per case and currency that one person may promise. More, or another currency, takes two.
COMPENSATION_BY_ONE: dict[str, Decimal] = value(
    "COMPENSATION_BY_ONE", values.BY_ONE.get(COUNTRY, ""), values.amounts
)

# JSON list of {"name", "url", "root": path of a PEM file, "policy": OID or absent}. The demo's own authority
# (url "builtin:") issues valid tokens by the local clock: they prove nothing against the operator.
TIMESTAMP_AUTHORITIES: list[dict[str, str]] = required(
    "TIMESTAMP_AUTHORITIES", '[{"name": "builtin", "url": "builtin:"}]', values.authorities
)
WITNESSES: list[dict[str, str]] = value("WITNESSES", "[]", values.witnesses)  # who cosign the ledger's checkpoints

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = text("TIME_ZONE", "Asia/Shanghai", values.time_zone)

STATIC_URL = "static/"
WHITENOISE_ADD_HEADERS_FUNCTION = add_headers
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Notices to borrowers who agreed to them. Empty: none by this channel.
EMAIL_URL: str = text("EMAIL_URL", "consolemail://" if DEMO else "", values.email_url)
vars().update(values.email(EMAIL_URL))
EMAIL_TIMEOUT = 10  # seconds
EMAIL_FROM: str = text("EMAIL_FROM", "notice@localhost")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = EMAIL_FROM
# Who gets a mail when something is wrong with the whole portal.
ADMINS = [(address, address) for address in several("ADMINS")]
EMAIL_SUBJECT_PREFIX = ""
QUIET_HOURS = value("QUIET_HOURS", "22-8", values.quiet_hours)  # notices wait for the morning
SMS_BACKEND: str = text("SMS_BACKEND", "complaints.notices.sms.Console" if DEMO else "")

SESSION_ENGINE = "portal.desk.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # until the browser is closed
CSRF_FAILURE_VIEW = "portal.desk.unsent.csrf_failure"
LANGUAGE_COOKIE_AGE = 365 * 86400
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not DEMO
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # called inside the network, without TLS
SECURE_HSTS_SECONDS: int = number("HSTS_SECONDS", 0 if DEMO else 365 * 86400)
# Both affect all hosts of the domain, so both are off by default.
SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = flag("HSTS_SUBDOMAINS")
SECURE_HSTS_PRELOAD: bool = flag("HSTS_PRELOAD")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

# Signing in to the desk: by password, then by a second factor. After wrong passwords one has to wait.
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
STAFF_IDLE_MINUTES: int = number("STAFF_IDLE_MINUTES", 60, 1)  # without a request
STAFF_SESSION_HOURS: int = number("STAFF_SESSION_HOURS", 12, 1)  # after signing in
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
MFA_ADAPTER = "complaints.staff.second_factor.Adapter"
MFA_TOTP_TOLERANCE = 1  # a code also counts 30 seconds early or late
AXES_HANDLER = "portal.desk.guesses.Handler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # together: see portal.desk.guesses
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 24  # hours that failures count; the handler computes how long one waits
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "portal.desk.guesses.name_digest"
AXES_CLIENT_IP_CALLABLE = "complaints.throttle.network"
AXES_LOCKOUT_CALLABLE = "portal.desk.guesses.answer"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", "next"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"one_line": {"()": "portal.outages.log_lines.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["one_line"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "botocore.credentials": {"level": "WARNING"},  # it says at each start where it found them
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"level": "ERROR"},  # portal.desk.guesses logs the same without names
    },
}
environment.end(DATA_DIR, STORAGE_URL, TIMESTAMP_AUTHORITIES)
