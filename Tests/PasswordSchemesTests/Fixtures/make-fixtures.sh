#!/bin/sh
# Makes *.txt beside this script anew: password hashes from the tools of other people.
#
# Debian 12: apt-get install dovecot-core whois apache2-utils argon2 openssl perl, and slapd for slappasswd.
# Each line of a file is:  password TAB user TAB hash
# The passwords are escaped as in the C locale's printf: \303\244 and so on.
#
# It prints a note and leaves the old file if a tool is missing.
set -eu
umask 077
cd "$(dirname "$0")"
export LC_ALL=C

PASSWORDS='correct horse
x
p\303\244ssw\303\266rd {}$:,=!*
0123456789012345678901234567890123456789012345678901234567890123456789'

header() { # file, tool, version, command
    printf '# Made by make-fixtures.sh. Password, user and hash, separated by tabs.\n# tool: %s\n# version: %s\n# command: %s\n' \
        "$2" "$3" "$4" > "$1.new"
}

each() { # file, function taking the raw password and printing hashes, one a line
    printf '%s\n' "$PASSWORDS" | while IFS= read -r escaped; do
        raw=$(printf "$escaped")
        "$2" "$raw" | while IFS= read -r hash; do
            printf '%s\t%s\t%s\n' "$escaped" "tim@example.com" "$hash"
        done >> "$1.new"
    done
    mv "$1.new" "$1"
    echo "$1: $(grep -vc '^#' "$1") hashes"
}

need() { command -v "$1" > /dev/null || { echo "skipped: no $1"; return 1; }; }

with_doveadm() {
    for scheme in PLAIN CLEAR CLEARTEXT CRYPT BLF-CRYPT SHA512-CRYPT SHA256-CRYPT MD5-CRYPT MD5 DES-CRYPT \
        SHA SHA1 SHA256 SHA512 SSHA SSHA256 SSHA512 SMD5 LDAP-MD5 PLAIN-MD5 PLAIN-MD4 \
        CRAM-MD5 HMAC-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256 PBKDF2 OTP \
        SHA.HEX SHA256.HEX SHA512.B64 SSHA512.HEX PLAIN.HEX CRAM-MD5.BASE64 PLAIN-MD5.B64 LDAP-MD5.HEX
    do
        doveadm pw -s "$scheme" -u tim@example.com -p "$1"
    done
    doveadm pw -s SHA512-CRYPT -r 1000 -p "$1"
    doveadm pw -s SHA256-CRYPT -r 12345 -p "$1"
    doveadm pw -s BLF-CRYPT -r 4 -p "$1"
    doveadm pw -s PBKDF2 -r 10 -p "$1"
}
if need doveadm; then
    header doveadm.txt 'doveadm pw (dovecot-core)' "$(dpkg-query -W -f '${Version}' dovecot-core)" 'doveadm pw -s SCHEME [-r ROUNDS] -u USER -p PASSWORD'
    each doveadm.txt with_doveadm
fi

# doveadm writes PLAIN-TRUNC without the length that it reads, so these are ours, and doveadm's is the verdict.
with_doveadm_verdict() {
    for length in 3 6 100; do
        hash=$(printf '{PLAIN-TRUNC}%s-%s' "$length" "$(printf '%s' "$1" | head -c "$length")")
        doveadm pw -t "$hash" -p "$1" > /dev/null 2>&1 && ! doveadm pw -t "$hash" -p "y$1" > /dev/null 2>&1 || exit 1
        printf '%s\n' "$hash"
    done
}
if need doveadm; then
    header doveadm-accepted.txt 'doveadm pw (dovecot-core)' "$(dpkg-query -W -f '${Version}' dovecot-core)" 'doveadm pw -t HASH -p PASSWORD says that it matches'
    each doveadm-accepted.txt with_doveadm_verdict
fi

with_mkpasswd() {
    for method in yescrypt gost-yescrypt scrypt bcrypt bcrypt-a sha512crypt sha256crypt sunmd5 md5crypt bsdicrypt \
        descrypt nt
    do
        case $method in
            bcrypt*) rounds='-R 4' ;;
            yescrypt | gost-yescrypt) rounds='-R 1' ;;
            scrypt) rounds='-R 6' ;;
            sha512crypt | sha256crypt) rounds='-R 1000' ;;
            *) rounds= ;;
        esac
        # shellcheck disable=SC2086
        printf '%s' "$1" | mkpasswd -s -m $method $rounds | sed 's/^/{CRYPT}/'
    done
    printf '%s' "$1" | mkpasswd -s -m yescrypt | sed 's/^/{CRYPT}/'
    printf '%s' "$1" | mkpasswd -s -m sha512crypt | sed 's/^/{CRYPT}/'
}
if need mkpasswd; then
    header mkpasswd.txt 'mkpasswd (whois)' "$(mkpasswd -V 2>&1 | head -1)" 'mkpasswd -s -m METHOD [-R ROUNDS]'
    each mkpasswd.txt with_mkpasswd
fi

# mkpasswd has no sha1crypt; perl calls crypt(3) itself.
with_crypt() {
    for setting in '$sha1$1000$saltsalt$' '$sha1$24680$Nn2JdgMWmPZnqPvc$' '_/...sALt' '$md5,rounds=904$abcdefgh$' \
        '$md5,rounds=100$abcdefgh'
    do
        perl -e 'print "{CRYPT}" . crypt($ARGV[0], $ARGV[1]) . "\n"' "$1" "$setting"
    done
}
if need perl; then
    header crypt.txt 'crypt(3) of libxcrypt, called by perl' \
        "libcrypt1 $(dpkg-query -W -f '${Version}' libcrypt1)" "perl -e 'print crypt(PASSWORD, SETTING)'"
    each crypt.txt with_crypt
fi

with_htpasswd() {
    user_hash() { cut -d: -f2- | sed -n 's/^./&/p'; }
    printf '%s' "$1" | htpasswd -niB -C 4 u | user_hash | sed 's/^/{BLF-CRYPT}/'
    printf '%s' "$1" | htpasswd -niB -C 5 u | user_hash | sed 's/^/{CRYPT}/'
    printf '%s' "$1" | htpasswd -nis u | user_hash
    printf '%s' "$1" | htpasswd -nid u 2> /dev/null | user_hash | sed 's/^/{DES-CRYPT}/'
}
if need htpasswd; then
    header htpasswd.txt 'htpasswd (apache2-utils)' "$(dpkg-query -W -f '${Version}' apache2-utils)" 'htpasswd -ni[B -C COST|s|d] u'
    each htpasswd.txt with_htpasswd
fi

with_argon2() {
    printf '%s' "$1" | argon2 somesalt1 -e -id -t 2 -k 1024 -p 1 | sed 's/^/{ARGON2ID}/'
    printf '%s' "$1" | argon2 othersalt2 -e -i -t 3 -k 256 -p 1 | sed 's/^/{ARGON2I}/'
    printf '%s' "$1" | argon2 thirdsalt3 -e -id -t 1 -k 64 -p 4 -l 16 | sed 's/^/{ARGON2}/'
    printf '%s' "$1" | argon2 fourthsalt -e -i -v 10 -t 2 -k 64 -p 2 -l 64 | sed 's/^/{ARGON2I}/'
}
if need argon2; then
    header argon2.txt 'argon2' "$(dpkg-query -W -f '${Version}' argon2)" 'argon2 SALT -e -i[d] -t PASSES -k KIB -p LANES [-l BYTES] [-v 10]'
    each argon2.txt with_argon2
fi

with_openssl() {
    printf '%s' "$1" | openssl passwd -6 -stdin | sed 's/^/{SHA512-CRYPT}/'
    printf '%s' "$1" | openssl passwd -5 -stdin | sed 's/^/{SHA256-CRYPT}/'
    printf '%s' "$1" | openssl passwd -1 -stdin | sed 's/^/{MD5-CRYPT}/'
    for digest in sha1 sha256 sha512; do
        printf '{%s}%s\n' "$(echo $digest | sed 's/sha1/sha/' | tr a-z A-Z)" \
            "$(printf '%s' "$1" | openssl dgst -$digest -binary | base64 -w0)"
        printf '{%s}%s\n' "$(echo S$digest | sed 's/sha1/sha/' | tr a-z A-Z)" \
            "$( { printf '%s' "$1$digest" | openssl dgst -$digest -binary; printf '%s' $digest; } | base64 -w0)"
    done
    printf '{PLAIN-MD5}%s\n' "$(printf '%s' "$1" | openssl dgst -md5 -r | cut -d' ' -f1)"
    printf '{PLAIN-MD4}%s\n' "$(printf '%s' "$1" | openssl dgst -provider legacy -provider default -md4 -r | cut -d' ' -f1)"
    printf '{NTLM}%s\n' "$(printf '%s' "$1" | iconv -f UTF-8 -t UTF-16LE | openssl dgst -provider legacy -provider default -md4 -r | cut -d' ' -f1)"
    printf '{DIGEST-MD5}%s\n' "$(printf 'tim:example.com:%s' "$1" | openssl dgst -md5 -r | cut -d' ' -f1)"
    printf '{PBKDF2}$1$saltsalt$1000$%s\n' "$(openssl kdf -keylen 20 -kdfopt digest:SHA1 \
        -kdfopt hexpass:"$(printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n')" \
        -kdfopt salt:saltsalt -kdfopt iter:1000 PBKDF2 | tr -d ':\n' | tr A-F a-f)"
}
if need openssl; then
    header openssl.txt openssl "$(openssl version)" 'openssl passwd -5|-6|-1; openssl dgst; openssl kdf PBKDF2'
    each openssl.txt with_openssl
fi

with_slappasswd() {
    printf '%s' "$1" > password.tmp
    for scheme in '{SSHA}' '{SHA}' '{SMD5}'; do slappasswd -n -h "$scheme" -T password.tmp; echo; done
    slappasswd -n -h '{MD5}' -T password.tmp | sed 's/^{MD5}/{LDAP-MD5}/'; echo
    slappasswd -n -h '{CRYPT}' -c '$6$%.12s' -T password.tmp; echo
    rm password.tmp
}
if need slappasswd; then
    header slappasswd.txt 'slappasswd (slapd)' "$(dpkg-query -W -f '${Version}' slapd)" 'slappasswd -n -h {SCHEME} -T FILE'
    each slappasswd.txt with_slappasswd
fi
