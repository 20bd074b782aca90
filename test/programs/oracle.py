# oracle.py UID DIR: what verdicts.mjs prints, from file types and access(2) alone.
import os, stat, sys

out = []
def walk(top):
    try:
        names = os.listdir(top)
    except OSError:
        return
    for name in names:
        path = top + b"/" + name
        try:
            st = os.lstat(path)
        except OSError:
            continue
        if stat.S_ISLNK(st.st_mode):
            continue
        allowed = stat.S_ISREG(st.st_mode) and os.access(path, os.X_OK, effective_ids=True)
        out.append((b"1 " if allowed else b"0 ") + path)
        if stat.S_ISDIR(st.st_mode):
            walk(path)

uid = int(sys.argv[1])
if uid != 0:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
walk(os.fsencode(sys.argv[2]))
sys.stdout.buffer.write(b"\n".join(out))
