"""Django's settings, built from the options in force. Nothing else in Unseen reads the environment."""

import os
from ipaddress import ip_address

from csp.constants import NONE, SELF

from unseen.config.data_folder import centre_key, prepare, secret_key
from unseen.config.databases import databases
from unseen.config.log_lines import logging_settings
from unseen.config.options import load
from unseen.config.static_headers import add_headers
from unseen.domain.limits import REPORT_SIZE_BYTES_MAX

UNSEEN = load(os.environ)
"""The options in force, for the rest of the code: `settings.UNSEEN`."""

prepare(UNSEEN)

SECRET_KEY = secret_key(UNSEEN)
CENTRE_KEY = centre_key(UNSEEN)
"""Wraps the key of every report: see `unseen.keys`. Django hides a setting with KEY in its name on its error pages."""
DEBUG = UNSEEN.debug
ALLOWED_HOSTS = list(UNSEEN.allowed_hosts)
DATABASES = databases(UNSEEN)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING = logging_settings(UNSEEN.log_level)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "unseen.config",
    "unseen.accounts",
    "unseen.keys",
    "unseen.journal",
    "unseen.evidence",
    "unseen.intake",
    "unseen.hashbank",
    "unseen.casework",
    "unseen.takedown",
    "unseen.discovery",
    "unseen.exchange",
    "unseen.statistics",
    "unseen.door",
    "unseen.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "unseen.web.access.AccessMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "unseen.config.urls"
WSGI_APPLICATION = "unseen.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Who may log in.
AUTH_USER_MODEL = "accounts.Staff"
# Each of them asks for two factors; Django's own, which asks for a password alone, is not among them.
AUTHENTICATION_BACKENDS = [
    "unseen.accounts.backends.PasswordAndCode",
    "unseen.accounts.backends.ByPasskey",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {
            "min_length": 12
        },  # NIST SP 800-63B-4 asks for 15 where it is the only factor; B adds the second
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Cookies travel over TLS only, unless the server can be reached from this machine alone.
_ONLY_THIS_MACHINE = ip_address(UNSEEN.bind.host).is_loopback and all(
    name in {"localhost", "127.0.0.1", "[::1]"} for name in UNSEEN.allowed_hosts
)
_OVER_TLS = not (UNSEEN.debug or _ONLY_THIS_MACHINE)
SESSION_COOKIE_SECURE = _OVER_TLS
CSRF_COOKIE_SECURE = _OVER_TLS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 60 * 60 * 12  # one working day, in seconds
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _OVER_TLS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if _OVER_TLS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
# A platform must not learn the desk's address from a followed location. With `no-referrer` a browser would send its own forms
# with `Origin: null` (Fetch, 3.2), which the check against forged requests refuses: nobody could even log in.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# A report is fingerprints and locations, never a file: bodies stay small and nothing is spooled to disk.
DATA_UPLOAD_MAX_MEMORY_SIZE = REPORT_SIZE_BYTES_MAX
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
FILE_UPLOAD_HANDLERS: list[str] = []

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ko", "한국어")]
# Each stage keeps the catalogue of its own pages in its folder `locale`. No cookie holds the choice: the path of a public
# page names its language, and the desk goes by what the browser asks for (Accept-Language).
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
# Files are served from the packages themselves: no collectstatic step that could be forgotten.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = UNSEEN.debug
WHITENOISE_ADD_HEADERS_FUNCTION = add_headers
