"""What the settings read. A plugin (`-p tests.environment`), since Django is set up before any conftest is read."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Workers of a parallel run end without their exit handlers: their folders lie in the one of the run, which goes.
_DATA = tempfile.mkdtemp(prefix="huduma-test-", dir=os.environ.get("TEST_RUN_DATA"))
os.environ.setdefault("TEST_RUN_DATA", _DATA)
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
