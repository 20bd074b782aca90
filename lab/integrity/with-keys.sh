#!/bin/sh
# Prepares the integrity guest and runs the arguments there.
#
# IMA measures every check, and appraises files of the user LAB_IMA_OWNER. IPE
# has two policies, `open` (active) and `verity`, which allows only files that
# fs-verity protects with a signature. A new ext4 in LAB_VERITY takes such files.
# sign.sh signs for both.
#
# From the lab: LAB_AUTHORITY, the directory of the certificate authority, and
# LAB_TOOL, the program made of tool.c.
set -eu
here=$(dirname "$(realpath "$0")")
security=/sys/kernel/security

export LAB_VERITY=/run/lab/verity
mkdir "$LAB_VERITY"
. "$here/keys.sh"
cd "$LAB_KEYS"
"$LAB_TOOL" add-key .fs-verity certificate.der

cat >"$security/ima/policy" <<.
measure func=BPRM_CHECK
appraise func=BPRM_CHECK fowner=$LAB_IMA_OWNER appraise_type=imasig
.

for policy in open verity; do
  openssl smime -sign -binary -noattr -nodetach -nosmimecap -nocerts -outform der \
    -signer "$LAB_AUTHORITY/authority.pem" -inkey "$LAB_AUTHORITY/authority.key" \
    -in "$here/$policy.ipe" -out "$policy.p7"
  cat "$policy.p7" >"$security/ipe/new_policy"
done
echo 1 >"$security/ipe/policies/open/active"

truncate -s 16M verity.ext4
mkfs.ext4 -q -b 4096 -O verity verity.ext4
mount "$(losetup --find --show verity.ext4)" "$LAB_VERITY"

cd "$OLDPWD"
exec "$@"
