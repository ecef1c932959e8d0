"""The settings of every installation. All values come from the environment.

With `HOLDFAST_DEMO=1` (set by `make run` and the tests) each setting has a default, and secrets are generated in
the data folder. Without it, the portal does not start if a required setting is missing, and says which.
"""

import os
from decimal import Decimal, InvalidOperation
from pathlib import Path

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from kombu import Exchange, Queue

from . import schedule
from .environment import DEMO, env, kept_secret, master_keys, quiet_hours, redis_client_url, required, socket_in
from .look import colour
from .static_files import add_headers

django_stubs_ext.monkeypatch()  # makes ModelAdmin[Case] and the like possible

BASE_DIR = Path(__file__).resolve().parent.parent


os.umask(0o077)  # what this process writes is for its own user: files hold statements and keys
DATA_DIR = Path(required("DATA_DIR", str(BASE_DIR / "var"))).resolve()
SITE_NAME: str = env.str("SITE_NAME", default="Holdfast 留证")
try:
    SITE_COLOUR: str = colour.checked(env.str("SITE_COLOUR", default=""))  # empty: the shipped teal
except colour.Unreadable as problem:
    raise ImproperlyConfigured(str(problem)) from None
EXIT_URL: str = env.str("EXIT_URL", default="https://www.baidu.com/")
COUNTRY: str = env.str("COUNTRY", default="CN")  # its helplines are shown first
HELPLINES: str = env.str("HELPLINES", default="")  # path of a TOML file; empty: the shipped numbers
CLOCKS: str = env.str("CLOCKS", default="")  # path of a TOML file; empty: the shipped time limits

SECRET_KEY = kept_secret("SECRET_KEY", DATA_DIR)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])  # earlier keys, still accepted
ACCESS_CODE_KEY = kept_secret("ACCESS_CODE_KEY", DATA_DIR)  # keys the digests of access and draft codes
LEDGER_SIGNING_KEY = kept_secret("LEDGER_SIGNING_KEY", DATA_DIR)  # Ed25519 seed, base64
LEDGER_ORIGIN = required("LEDGER_ORIGIN", "holdfast.demo/ledger")

DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEMO else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", default=False)

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

DATABASES = {"default": env.db_url_config(required("DATABASE_URL", f"sqlite:///{DATA_DIR}/holdfast.sqlite3"))}
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a restarted PostgreSQL costs nobody an error
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "portal.sqlite"  # writers are served in their order
    DATABASES["default"]["OPTIONS"] = {
        # There is one writer at a time; others wait, readers never do. FULL: a commit is on disk.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; "
        "PRAGMA recursive_triggers=ON;",
    }
    # A file and not memory, so that a worker in another process sees what a test wrote.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)  # seconds
DATABASE_POOL: int = env.int("DATABASE_POOL", default=16)  # most connections of one web process to PostgreSQL
WEB_PROCESSES: int = env.int("WEB_PROCESSES", default=1)  # in all; `check --deploy` multiplies by it


REDIS_SOCKET = socket_in(DATA_DIR)
REDIS_URL = required("REDIS_URL", f"redis+socket://{REDIS_SOCKET}?virtual_host=0")
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
    "evidence.tasks.examine_*": {"queue": "media"},  # slow: it has a worker of its own
    "evidence.tasks.*": {"queue": "evidence"},
    "complaints.tasks.make_bundle*": {"queue": "media"},
    "complaints.tasks.*": {"queue": "cases"},
    "portal.tasks.*": {"queue": "cases"},
}
# All queues there are. A worker started without --queues serves all of them; one for another name does not start.
QUEUES = sorted({route["queue"] for route in CELERY_TASK_ROUTES.values()})
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), name) for name in QUEUES]
CELERY_TASK_DEFAULT_QUEUE = "cases"
CELERY_TASK_CREATE_MISSING_QUEUES = False
SWEEP_SECONDS: int = env.int("SWEEP_SECONDS", default=15)
RECHECK_BYTES: int = env.int("RECHECK_BYTES", default=256 * 1024 * 1024)  # re-hashed each minute
CELERY_BEAT_SCHEDULE = schedule.of(QUEUES, SWEEP_SECONDS)

VAULT_MASTER_KEYS = master_keys(kept_secret("VAULT_MASTER_KEYS", DATA_DIR))
STORAGE_URL = required("STORAGE_URL", f"file://{DATA_DIR}/vault")
MAX_FILE_BYTES: int = env.int("MAX_FILE_BYTES", default=500 * 1024 * 1024)
CLAMD_URL: str = env.str("CLAMD_URL", default="")  # empty: nothing is scanned
if CLAMD_URL and not CLAMD_URL.startswith(("tcp://", "unix:///")):
    raise ImproperlyConfigured(f"CLAMD_URL is {CLAMD_URL!r}; it is tcp://host:port or unix:///path/to/socket.")
MAX_DRAFT_FILES: int = env.int("MAX_DRAFT_FILES", default=50)
MAX_DRAFT_BYTES: int = env.int("MAX_DRAFT_BYTES", default=4 * 1024**3)
MAX_UNSENT_BYTES: int = env.int("MAX_UNSENT_BYTES", default=5 * MAX_DRAFT_BYTES)  # of all drafts of one network
MIN_FREE_BYTES: int = env.int("MIN_FREE_BYTES", default=1024**3)  # no upload begins if less would stay free
UPLOAD_DAYS: int = env.int("UPLOAD_DAYS", default=7)  # how long an unfinished upload waits for its next bytes
UPLOADS_AT_ONCE: int = env.int("UPLOADS_AT_ONCE", default=48)  # per process; each takes one of its threads
# Encrypts at once: Django's own handlers write readable temporary files.
FILE_UPLOAD_HANDLERS = ["evidence.receiving.multipart.StagingUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = None  # the handler counts them, and names those that are too many
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024  # so that fields that are too long get an error message, not a 400
BUNDLE_DAYS: int = env.int("BUNDLE_DAYS", default=7)  # how long a made case bundle can be fetched
TWO_PERSON_EXPORTS: bool = env.bool("TWO_PERSON_EXPORTS", default=False)  # a second person approves each bundle
DRAFT_DAYS: int = env.int("DRAFT_DAYS", default=30)
# The most compensation per case and currency that one person may promise. More, or another currency, takes two.
try:
    COMPENSATION_BY_ONE = {
        currency: Decimal(most)
        for currency, most in env.dict("COMPENSATION_BY_ONE", default={"CNY": "5000"}).items()
    }
except InvalidOperation:
    raise ImproperlyConfigured("COMPENSATION_BY_ONE names amounts by currency: CNY=5000,USD=700.") from None

# JSON list of {"name", "url", "root": path of a PEM file, "policy": OID or absent}. The demo's own authority
# (url "builtin:") issues valid tokens by the local clock: they prove nothing against the operator.
TIMESTAMP_AUTHORITIES: list[dict[str, str]] = env.json(
    "TIMESTAMP_AUTHORITIES", default=[{"name": "builtin", "url": "builtin:"}] if DEMO else []
)
if not TIMESTAMP_AUTHORITIES:
    required("TIMESTAMP_AUTHORITIES", "")
if not DEMO and any(authority["url"] == "builtin:" for authority in TIMESTAMP_AUTHORITIES):
    raise ImproperlyConfigured(
        "TIMESTAMP_AUTHORITIES names the built-in authority: its clock is this machine's own and proves nothing."
    )

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")

STATIC_URL = "static/"
WHITENOISE_ADD_HEADERS_FUNCTION = add_headers
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Notices to borrowers who agreed to them. Empty: none by this channel.
EMAIL_URL: str = env.str("EMAIL_URL", default="consolemail://" if DEMO else "")
vars().update(env.email_url_config(EMAIL_URL or "dummymail://"))
EMAIL_TIMEOUT = 10  # seconds
EMAIL_FROM: str = env.str("EMAIL_FROM", default="notice@localhost")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = EMAIL_FROM
# Who gets a mail when something is wrong with the whole portal.
ADMINS = [(address, address) for address in env.list("ADMINS", default=[])]
EMAIL_SUBJECT_PREFIX = ""
QUIET_HOURS = quiet_hours(env.str("QUIET_HOURS", default="22-8"))  # notices wait for the morning
SMS_BACKEND: str = env.str("SMS_BACKEND", default="complaints.notices.sms.Console" if DEMO else "")

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
SECURE_HSTS_SECONDS: int = env.int("HSTS_SECONDS", default=0 if DEMO else 365 * 86400)
# Both bind the whole domain, also what is not the portal: so only if they are asked for.
SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD: bool = env.bool("HSTS_PRELOAD", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

# Signing in to the desk: by password, then by a second factor. After wrong passwords one has to wait.
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
STAFF_IDLE_MINUTES: int = env.int("STAFF_IDLE_MINUTES", default=60)  # without a request
STAFF_SESSION_HOURS: int = env.int("STAFF_SESSION_HOURS", default=12)  # after signing in
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
