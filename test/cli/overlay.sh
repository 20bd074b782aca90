# A tree with a file of two names in a lower layer, sealed in an upper one, in a
# mount namespace of its own: overlay.sh FOLDER THEN
mount --make-rprivate /
mount -t tmpfs none "$1"
cd "$1"
mkdir lower upper work merged upper2 work2 above
echo >lower/a.js
ln lower/a.js lower/b.js
mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work none merged
$MAYEXEC seal --journal journal merged
tree=merged
(cd $tree && stat -c '%a %n' a.js b.js) >sealed

case $2 in
  'undo above')
    mount -t overlay -o lowerdir=upper:lower,upperdir=upper2,workdir=work2 none above
    tree=above
    ;;
esac
if [ "$2" = undo ]; then cat sealed; fi
status=0
$MAYEXEC seal --undo --journal journal $tree || status=$?
echo "status $status"
cd $tree
stat -c '%a %n' a.js b.js
