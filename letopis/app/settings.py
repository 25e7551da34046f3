"""Django's settings, computed from the table in `options.py` and the secret of the data folder."""

import os
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from letopis.app import options
from letopis.app.bodies import BODY_BYTES_MAX
from letopis.app.rooms import ROOMS
from letopis.app.secrets import derived, master_secret, sealing_keys
from letopis.base.postgres import EmbeddedServer

_read = options.read(os.environ)

LETOPIS_DATA = _read["LETOPIS_DATA"]
LETOPIS_STATE = _read["LETOPIS_STATE"] or LETOPIS_DATA / "state"
LETOPIS_EMBEDDED = not _read["LETOPIS_DATABASE_URL"]
LETOPIS_DATABASE_URL: str = _read["LETOPIS_DATABASE_URL"] or EmbeddedServer(LETOPIS_DATA).url()
LETOPIS_SECRET = master_secret(LETOPIS_DATA)
LETOPIS_SEALING_KEYS = sealing_keys(LETOPIS_DATA, LETOPIS_SECRET)
LETOPIS_OUTGOING_ALLOWED: list[str] = _read["LETOPIS_OUTGOING_ALLOWED"]
LETOPIS_HOST_NAME: str = _read["LETOPIS_LOG_HOST"]
LETOPIS_PUBLIC_URL: str = _read["LETOPIS_PUBLIC_URL"] or f"http://{_read['LETOPIS_HOST']}:{_read['LETOPIS_PORT']}"

LETOPIS_PROXIES: list[str] = _read["LETOPIS_PROXIES"]

SECRET_KEY = derived(LETOPIS_SECRET, "letopis/django/v1").hex()
DEBUG: bool = _read["LETOPIS_DEBUG"]
_public = urlsplit(LETOPIS_PUBLIC_URL)
_HTTPS = _public.scheme == "https"
ALLOWED_HOSTS = [*_read["LETOPIS_ALLOWED_HOSTS"], _public.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [LETOPIS_PUBLIC_URL] if _HTTPS else []

ROOT_URLCONF = "letopis.app.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The rooms stand before the libraries, so that our templates win over theirs.
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *(f"letopis.{room}" for room in ROOMS),
    "letopis.app",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
]

# The headers of every answer are put on before Django is reached, by `app/headers.py`.
MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "letopis.app.sanity.SanityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "letopis.access.shell.PersonMiddleware",
    "letopis.app.limits.LimitsMiddleware",
    "letopis.app.shell.HouseMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "letopis.base.shell.shell",
            ],
            "builtins": ["letopis.base.templatetags.letopis", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

AUTH_USER_MODEL = "access.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_CHARACTERS_MIN = 10
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": PASSWORD_CHARACTERS_MIN}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "access_home"
ACCOUNT_ADAPTER = "letopis.access.login.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_NOTIFICATIONS = False
# Slow guessing from many addresses; axes counts per address.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,10/15m/key"}
# A row at signing in is enough; one at every request would be a write for every look.
USERSESSIONS_TRACK_ACTIVITY = False
MFA_ADAPTER = "letopis.access.login.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Letopis"
MFA_TOTP_TOLERANCE = 1

AXES_ENABLED = True
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "letopis.access.login.login_of"
AXES_LOCKOUT_CALLABLE = "letopis.access.login.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
# Else it would log e-mail addresses.
AXES_VERBOSE = False

# Rate limits of the second factor are shared by all web processes.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "access_cache"}}


def _database(role: str | None) -> dict[str, Any]:
    """Django's form of one connection; a pool keeps sessions of `letopis_app` ready for the page threads."""
    parts = conninfo_to_dict(LETOPIS_DATABASE_URL)
    wanted = {"options": "-c timezone=UTC" + (f" -c role={role}" if role else "")}
    extra = {name: value for name, value in parts.items() if name not in ("dbname", "user", "password", "host", "port")}
    pool = {"min_size": 1, "max_size": 10, "timeout": 10, "max_idle": 300}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "OPTIONS": {**extra, **wanted, **({"pool": pool} if role else {})},
    }


# Pages work as `letopis_app`; `owner` is for migrations alone.
DATABASES = {"default": _database("letopis_app"), "owner": _database(None)}

STATIC_URL = "/static/"
STATIC_ROOT = LETOPIS_DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
# No answer of ours is for the pages of another site, files neither.
WHITENOISE_ALLOW_ALL_ORIGINS = False

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Moscow"

# Under this name a browser takes a cookie only over TLS, for the whole host and from the host itself.
_HOST_ONLY = "__Host-" if _HTTPS else ""
SESSION_COOKIE_NAME = f"{_HOST_ONLY}letopis_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = f"{_HOST_ONLY}letopis_csrf"
CSRF_FAILURE_VIEW = "letopis.access.pages.forged"
# The token stands in the page.
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = f"{_HOST_ONLY}letopis_language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _HTTPS
# Else a cookie of their own would carry what is said to a person.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# `app/bodies.py` bounds the whole request, so that no file of a person needs to touch the disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = BODY_BYTES_MAX
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        **{f"{kind}-src": ["'self'"] for kind in ("script", "style", "img", "font", "connect", "manifest", "worker")},
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LOGGING_CONFIG = None
