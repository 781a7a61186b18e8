#!/usr/bin/env bash
# A backup of database and files: backup.sh /var/backups/huduma
#
# The keys are not in it: copy KEYS_DIR, SECRET_KEY and KEYS_PASSPHRASE once, and after each change, to a place
# apart. Who holds the backups must not be able to sign documents. Copy the backups to another machine as well.
set -euo pipefail
umask 077

folder=${1:?usage: backup.sh FOLDER}
keep_days=${KEEP_DAYS:-30}
portal=$(cd "$(dirname "$0")/.." && pwd)
: "${DATABASE_URL:?}" "${DATA_DIR:?}"

name=huduma-$(date -u +%Y%m%dT%H%M%SZ)
unfinished=$folder/.$name
mkdir -p "$unfinished"
trap 'rm -rf "$unfinished"' EXIT

# The database first: a file is written before its row and never altered, so each row of the dump finds its file.
"$portal/.venv/bin/python" "$portal/deploy/with_database.py" \
    pg_dump --format=custom --no-owner --no-privileges --file "$unfinished/database.dump"
mkdir -p "$DATA_DIR/files"
# 1: a file of the next minute came while tar was reading, which is no fault.
tar --create --gzip --file "$unfinished/files.tar.gz" --directory "$DATA_DIR" files || [ $? -eq 1 ]
(cd "$unfinished" && sha256sum database.dump files.tar.gz >SHA256SUMS)
mv "$unfinished" "$folder/$name"
echo "$folder/$name"

find "$folder" -mindepth 1 -maxdepth 1 -name 'huduma-*Z' -type d -mtime "+$keep_days" -exec rm -rf {} +
