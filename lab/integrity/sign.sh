#!/bin/sh
# Signs files with the key of with-keys.sh.
#
# usage: sign.sh ima|verity FILE...
set -eu

# 1: file. What IMA reads from the attribute: type, version, SHA-256, the last
# four bytes of the key's identifier, the signature's length, the signature.
sign_ima() {
  openssl dgst -sha256 -sign "$LAB_KEYS/key.pem" -out "$temporary/raw" "$1"
  key=$(openssl x509 -in "$LAB_KEYS/certificate.pem" -noout -ext subjectKeyIdentifier |
    tail -n 1 | tr -d ': \n' | tail -c 8)
  size=$(printf '%04x' "$(stat -c %s "$temporary/raw")")
  header=$(printf '030204%s%s' "$key" "$size" | sed 's/../\\x&/g')
  {
    env printf "$header"
    cat "$temporary/raw"
  } >"$temporary/signature"
  "$LAB_TOOL" set-ima "$1" "$temporary/signature"
}

# 1: file, on the file system in LAB_VERITY.
sign_verity() {
  cp "$1" "$1.copy"
  "$LAB_TOOL" digest "$1.copy" >"$temporary/digest"
  rm "$1.copy"
  openssl smime -sign -binary -noattr -nosmimecap -nocerts -outform der -md sha256 \
    -signer "$LAB_KEYS/certificate.pem" -inkey "$LAB_KEYS/key.pem" \
    -in "$temporary/digest" -out "$temporary/signature"
  "$LAB_TOOL" protect "$1" "$temporary/signature"
}

temporary=$(mktemp -d)
trap 'rm -r "$temporary"' EXIT
kind=$1
shift
for file; do
  "sign_$kind" "$file"
done
