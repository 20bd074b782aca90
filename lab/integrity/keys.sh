# Makes a key that signs for IMA, certified by the lab's authority, in LAB_KEYS. The guest's policy
# appraises the files of the user LAB_IMA_OWNER.
#
# From the lab: LAB_AUTHORITY, the directory of the certificate authority, and LAB_TOOL, the
# program made of tool.c.
export LAB_KEYS=/run/lab/keys LAB_IMA_OWNER=4242
mkdir "$LAB_KEYS"
cd "$LAB_KEYS"
cat >extensions <<'.'
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
.
openssl req -new -newkey rsa:2048 -nodes -subj '/CN=mayexec lab signer' \
  -keyout key.pem -out request.pem 2>openssl.log
openssl x509 -req -in request.pem -days 36500 -set_serial 1 -extfile extensions \
  -CA "$LAB_AUTHORITY/authority.pem" -CAkey "$LAB_AUTHORITY/authority.key" \
  -out certificate.pem 2>>openssl.log
openssl x509 -in certificate.pem -outform der -out certificate.der
"$LAB_TOOL" add-key .ima certificate.der
cd "$OLDPWD"
