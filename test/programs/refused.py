# refused.py DIR: the files of code beneath DIR that the kernel refuses, each opened
# and asked about by itself. What scan finds, found by other means: no line of it
# is shared with native/ or src/.
import ctypes, json, os, re, stat, sys

libc = ctypes.CDLL(None, use_errno=True)
AT_EMPTY_PATH, AT_EXECVE_CHECK = 0x1000, 0x10000
SYS_execveat = {"x86_64": 322, "aarch64": 281}[os.uname().machine]


def refused(path):
    fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        argv = (ctypes.c_char_p * 2)(path, None)
        envp = (ctypes.c_char_p * 1)(None)
        flags = AT_EMPTY_PATH | AT_EXECVE_CHECK
        if libc.syscall(SYS_execveat, fd, b"", argv, envp, flags) == 0:
            return False
        error = ctypes.get_errno()
        if error not in (1, 13):
            raise OSError(error, os.strerror(error), path)
        return True
    finally:
        os.close(fd)


def named(name):
    return re.search(rb".\.([cm]?js|node|wasm|[cm]?ts)$", name) and not re.search(
        rb".\.d\.[cm]?ts$", name
    )


def scripted(path, name):
    if b"." in name[1:]:
        return False
    with open(path, "rb") as file:
        line = file.read(256).split(b"\n")[0]
    words = line[2:].split() if line.startswith(b"#!") else []
    return any(word.rsplit(b"/", 1)[-1] in (b"node", b"nodejs") for word in words)


def leaves(value):
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from leaves(inner)


def targets(manifest):
    if not isinstance(manifest, dict):
        return
    for key in ("main", "bin"):
        yield from leaves(manifest.get(key))
    for key in ("exports", "imports"):
        for leaf in leaves(manifest.get(key)):
            if leaf.startswith("./") and not os.path.splitext(leaf)[1]:
                yield leaf


root = os.fsencode(sys.argv[1])
code = set()
for folder, _, names in os.walk(root):
    for name in names:
        path = os.path.join(folder, name)
        if not stat.S_ISREG(os.lstat(path).st_mode):
            continue
        if named(name) or scripted(path, name):
            code.add(path)
        if name == b"package.json":
            try:
                manifest = json.loads(open(path, "rb").read())
            except ValueError:
                continue
            for target in targets(manifest):
                at = os.path.normpath(os.path.join(folder, os.fsencode(target)))
                inside = at.startswith(root + b"/") and os.path.realpath(at) == os.path.realpath(root) + at[len(root):]
                if inside and b"*" not in at and not at.endswith(b".json") and os.path.isfile(at):
                    code.add(at)
print("\n".join(sorted(os.fsdecode(path[len(root) + 1 :]) for path in code if refused(path))))
