#!/bin/sh
# Sign the code of a tree for IMA appraisal, and check every signature.
# usage: ima.sh DIR KEY.pem CERTIFICATE   as root; needs ima-evm-utils; the
# certificate, in DER, must be on the kernel's .ima keyring. Seal first: the
# check looks at the x bit, too.
set -eu
tree=$1
key=$2
certificate=$3

# What is executable is what may run as code.
find "$tree" -type f -perm /111 -exec evmctl ima_sign --hashalgo sha256 --key "$key" {} \;
# One at a time: evmctl answers only for the last of several.
find "$tree" -type f -perm /111 | while IFS= read -r file; do
  evmctl ima_verify --key "$certificate" "$file" >/dev/null 2>&1 || {
    echo "not signed as it should be: $file" >&2
    exit 1
  }
done
