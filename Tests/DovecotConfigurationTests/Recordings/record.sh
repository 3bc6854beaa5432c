#!/bin/bash
# Records what the real doveconf makes of each case: `expected.txt` beside each `dovecot.conf`.
# -n prints what differs from the defaults, -x expands $variables and <files. The header comments are left out;
# VERSION.txt names the doveconf that spoke.
set -eu
cd "$(dirname "$0")"
dovecot --version > VERSION.txt
doveconf -d -c /dev/null 2>/dev/null | grep -v '^# ' > defaults.conf
for case in cases/*/; do
    ( cd "$case" && { GATEPOST_TEST=moon doveconf -n -x -c dovecot.conf 2>&1 || true; } | grep -v '^# ' > expected.txt || true )
done
