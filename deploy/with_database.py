"""Runs a program of PostgreSQL on the database that DATABASE_URL names: with_database.py pg_dump --format=custom

The address is handed over as PG* variables: in an argument, everybody on the machine could read its password.
"""

import os
import sys

from psycopg2.extensions import parse_dsn

NAMES = {
    "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER",
    "password": "PGPASSWORD", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}  # fmt: skip


def main(command: list[str]) -> None:
    parts = parse_dsn(os.environ.pop("DATABASE_URL"))
    os.environ.update({NAMES[part]: value for part, value in parts.items() if part in NAMES})
    os.execvp(command[0], command)  # noqa: S606 - the command is the operator's own


if __name__ == "__main__":
    main(sys.argv[1:])
