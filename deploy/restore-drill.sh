#!/usr/bin/env bash
# Proves that a backup can be restored: restore-drill.sh /var/backups/huduma/huduma-20260101T023000Z
#
# Into a database and a folder that are deleted afterwards; production is not touched, and no rights are needed.
set -euo pipefail
umask 077

backup=$(cd "${1:?usage: restore-drill.sh BACKUP}" && pwd)
cd "$(dirname "$0")/.."
begun=$SECONDS

(cd "$backup" && sha256sum --check --quiet SHA256SUMS)
unset DATABASE_URL REDIS_URL KEYS_DIR
export SECRET_KEY=only-for-the-drill BACKUP=$backup
# The inner shell has the addresses of the throw-away database and folder.
# shellcheck disable=SC2016
.venv/bin/python -m portal.engines exec --throwaway -- bash -euc '
    .venv/bin/python deploy/with_database.py sh -c '\''
        pg_restore --exit-on-error --no-owner --no-privileges --dbname "$PGDATABASE" "$BACKUP/database.dump"'\''
    tar --extract --gzip --file "$BACKUP/files.tar.gz" --directory "$DATA_DIR"
    .venv/bin/python manage.py migrate --check
    .venv/bin/python manage.py check_records
'
echo "Restored and checked in $((SECONDS - begun)) s."
