"""What the settings read. A plugin (`-p tests.environment`), since Django is set up before any conftest is read."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_DATA = tempfile.mkdtemp(prefix="huduma-test-")
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)
os.environ |= {
    "SECRET_KEY": "only-for-tests",
    "DATA_DIR": _DATA,
    "HTTPS": "0",
    "SITE_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    "KEYS_PASSPHRASE": "only-for-tests",
}
Path(_DATA, "static").mkdir()
