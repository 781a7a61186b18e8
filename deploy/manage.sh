#!/bin/sh
# A command of the portal, as its user and with its environment: sudo deploy/manage.sh check
# systemd reads the environment, so that the units and this see the same values.
set -eu
[ -t 0 ] && terminal=--pty || terminal=--pipe
exec systemd-run --quiet --collect --wait "$terminal" --uid=huduma --gid=huduma \
    --property=EnvironmentFile=/etc/huduma/portal.env --property=UMask=0027 --working-directory=/opt/huduma \
    /opt/huduma/.venv/bin/python manage.py "$@"
