#!/bin/bash
# Records what the real doveconf makes of each case: `expected.txt` beside each `dovecot.conf`.
# -n prints what differs from the defaults, -x expands $variables and <files. The header comments are left out;
# VERSION.txt names the doveconf that spoke.
set -eu
cd "$(dirname "$0")"
dovecot --version > VERSION.txt
doveconf -d -c /dev/null 2>/dev/null | grep -v '^# ' > defaults.conf
# The names of all settings about logins, each behind its section.
databases=$(mktemp)
trap 'rm -f "$databases"' EXIT
printf '%s\n' 'protocols =' 'ssl = no' 'passdb {' '  driver = static' '  args = nopassword' '}' \
    'userdb {' '  driver = prefetch' '}' > "$databases"
doveconf -a -c "$databases" 2>/dev/null | awk '
    /^(auth_|disable_plaintext_auth)/ { print "global", $1 }
    /^[a-z].*\{$/ { section = $1 == "service" ? $1 " " $2 : $1 }
    /^}/ { section = "" }
    section != "passdb" && section != "userdb" && section != "service auth" { next }
    /^  [a-z_]+ =/ { print section, $1 }
    /^    [a-z_]+ =/ { print "unix_listener", $1 }
' | LC_ALL=C sort -u > settings-2.3.19.1.txt
for case in cases/*/; do
    ( cd "$case" && { GATEPOST_TEST=moon doveconf -n -x -c dovecot.conf 2>&1 || true; } | grep -v '^# ' > expected.txt || true )
done
