"""All settings, read from the environment. The defaults are those of production: what is unsafe is asked for.

`make run` sets the few that make a demonstration (DEMO_MODE, HTTPS off). docs/settings.md lists them all.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal import engines

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where this portal lives -------------------------------------------------------------------------------
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
KEYS_DIR = Path(env.str("KEYS_DIR", default=str(DATA_DIR / "keys")))
KEYS_PASSPHRASE = env.str("KEYS_PASSPHRASE", default="")
DEMO_MODE = env.bool("DEMO_MODE", default=False)
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="Huduma-2026!")
SITE_URL = env.str("SITE_URL", default="https://localhost").rstrip("/")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default=f"{SITE_URL}/pages/contacts/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=True)
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
DEBUG = env.bool("DEBUG", default=False)


def _secret_key() -> str:
    """SECRET_KEY from the environment, else from the file that `make_keys` wrote in KEYS_DIR."""
    if key := env.str("SECRET_KEY", default=""):
        return key
    path = KEYS_DIR / "secret-key"
    if path.exists():
        return path.read_text().strip()
    raise environ.ImproperlyConfigured(f"SECRET_KEY is not set and {path} does not exist: set it, or run `make setup`.")


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# --- Engines -----------------------------------------------------------------------------------------------
_engines = engines.urls(DATA_DIR)
DATABASES = {
    "default": environ.Env.db_url_config(_engines.database_url)
    | {
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }
}
CELERY_BROKER_URL = _engines.broker_url
CACHES = {
    "default": {
        "BACKEND": "portal.caches.ForgivingRedisCache",
        "LOCATION": _engines.cache_url,
        "KEY_PREFIX": "portal",
        # A cache that hangs must not hang the pages: it counts as one that misses.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Applications ------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "import_export",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "csp",
    "portal",
    "accounts",
    "payments",
    "services",
]

MIDDLEWARE = [
    "portal.middleware.PageCompressionMiddleware",
    "portal.middleware.AnonymousPageMiddleware",
    "portal.middleware.ClientAddressMiddleware",
    "portal.middleware.RequestIdMiddleware",
    "portal.middleware.NullCharacterMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "portal.middleware.ContentPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.ActingForMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.frame",
                "accounts.context_processors.acting_for",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "portal.templatetags.formats",
            ],
        },
    }
]

# --- Languages and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "sw"
LANGUAGES = [("sw", "Kiswahili"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Africa/Dar_es_Salaam"
USE_TZ = True
FORMAT_MODULE_PATH = ["portal.formats"]

# --- People and sessions -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "accounts.backends.RolesBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.password_rules.LongEnough"},
    {"NAME": "accounts.password_rules.NotLikeYourself"},
    {"NAME": "accounts.password_rules.NotCommon"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "services:applications"
LOGOUT_REDIRECT_URL = "home"
SESSION_ENGINE = "portal.sessions"
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=8 * 60 * 60)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
# allauth insists on a required email where verification is mandatory; our form asks for a phone or an email,
# and our stages ask for one proved address (docs/decisions/0005-accounts.md).
ACCOUNT_SIGNUP_FIELDS = ["phone", "email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_ENABLED = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.LoginForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailVerificationCodeForm",
    "confirm_password_reset_code": "accounts.forms.ConfirmPasswordResetCodeForm",
    "verify_phone": "accounts.forms.VerifyPhoneForm",
    "change_phone": "accounts.forms.ChangePhoneForm",
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
# A mobile network puts thousands of people behind one address, and confirming a password counts as a request.
ACCOUNT_RATE_LIMITS = {"change_phone": "5/m/user", "verify_phone": "1/30s/key,20/m/ip"}
if env.bool("RATE_LIMITS_OFF", default=False):
    ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO_MODE
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.MFAReauthenticateForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.AddWebAuthnForm",
    "edit_webauthn": "accounts.forms.EditWebAuthnForm",
}
USERSESSIONS_TRACK_ACTIVITY = False

# --- Security ----------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=10 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
PRIVATE_FILES_DIR = DATA_DIR / "files"
CLAMAV_ADDRESS = env.str("CLAMAV_ADDRESS", default="")

# --- Static files ------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_FILES_DIR},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Tasks -------------------------------------------------------------------------------------------------
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "payments.*": {"queue": "gateway"},
    "portal.send_notification": {"queue": "notifications"},
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "visibility_timeout": 3600,
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "portal.sweep_outbox": {"task": "portal.sweep_outbox", "schedule": 10},
    "portal.sweep_notifications": {"task": "portal.sweep_notifications", "schedule": 20},
    "portal.link_audit_entries": {"task": "portal.link_audit_entries", "schedule": 60},
    "portal.sweep_pending_files": {"task": "portal.sweep_pending_files", "schedule": 60},
    "portal.sweep_orphan_files": {"task": "portal.sweep_orphan_files", "schedule": 3600},
    "payments.sweep_bills": {"task": "payments.sweep_bills", "schedule": 15},
    "services.sweep_certificates": {"task": "services.sweep_certificates", "schedule": 60},
    "services.lapse_drafts": {"task": "services.lapse_drafts", "schedule": 3600},
}

# --- Messages to people ------------------------------------------------------------------------------------
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    default="portal.notifications.email_file.EmailBackend"
    if DEMO_MODE
    else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_FILE_PATH = DATA_DIR / "outgoing" / "email"
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="huduma@localhost")
SMS_PROVIDER = env.str("SMS_PROVIDER", default="portal.notifications.sms.ConsoleProvider")
SMS_OUTBOX = DATA_DIR / "outgoing" / "sms.log"

# --- GePG --------------------------------------------------------------------------------------------------
GEPG_BASE_URL = env.str("GEPG_BASE_URL", default="http://127.0.0.1:8001").rstrip("/")
GEPG_SP_CODE = env.str("GEPG_SP_CODE", default="SP99001")
GEPG_SP_GROUP_CODE = env.str("GEPG_SP_GROUP_CODE", default=GEPG_SP_CODE)
GEPG_SYSTEM_CODE = env.str("GEPG_SYSTEM_CODE", default="HUDUMA001")
GEPG_COLLECTION_CENTRE = env.str("GEPG_COLLECTION_CENTRE", default="CC1000000099001")
GEPG_SUB_SP_CODE = env.str("GEPG_SUB_SP_CODE", default="1001")
GEPG_TIMEOUT_SECONDS = env.int("GEPG_TIMEOUT_SECONDS", default=30)
GEPG_PATHS = {
    "submission": env.str("GEPG_PATH_SUBMISSION", default="/api/bill/20/submission"),
    "cancellation": env.str("GEPG_PATH_CANCELLATION", default="/api/bill/20/cancellation"),
}

# --- API ---------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.NamespaceVersioning",
    "ALLOWED_VERSIONS": ["v1"],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.ScopedRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "user": "300/min", "verify": "200/hour"},
    # REMOTE_ADDR counts, which ClientAddressMiddleware has set; never what somebody wrote in X-Forwarded-For.
    "NUM_PROXIES": 0,
    "EXCEPTION_HANDLER": "services.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Huduma za Serikali API",
    "DESCRIPTION": "Catalogue, applications, bills and certificates of the e-services portal.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SORT_OPERATIONS": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "services.api.documentation.complete_responses",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ApplicationState": "services.api.serializers.applications.STATES",
        "BillState": "services.api.serializers.bills.STATES",
        "SectionState": "services.api.serializers.applications.SECTION_STATES",
        "StageState": "services.api.serializers.applications.STAGE_STATES",
    },
}

# --- Administration ----------------------------------------------------------------------------------------
UNFOLD = {
    "SITE_TITLE": _("Administration"),
    "SITE_HEADER": _("Government Services"),
    "SITE_SYMBOL": "account_balance",
    "STYLES": [lambda request: static("css/admin.css")],
    "SCRIPTS": [lambda request: static("js/admin.js")],
    "SHOW_LANGUAGES": True,
    "LANGUAGES": {"action": lambda request: reverse("accounts:set_language")},
    "COLORS": {
        "primary": {
            "50": "231 244 236", "100": "206 233 217", "200": "160 211 180", "300": "104 184 139",
            "400": "47 150 94", "500": "17 124 67", "600": "11 107 53", "700": "7 80 42",
            "800": "8 70 38", "900": "10 61 34", "950": "4 32 18",
        }
    },
}  # fmt: skip

# --- Logs --------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "portal.logs.RequestIdFilter"}},
    "formatters": {"json": {"()": "portal.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}},
}
