# landlock.py DIR... -- COMMAND...: runs COMMAND in a Landlock domain that allows
# execution of what lies below the DIRs and nothing else.
import ctypes, os, struct, sys

libc = ctypes.CDLL(None, use_errno=True)
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
FS_EXECUTE, PATH_BENEATH, PR_SET_NO_NEW_PRIVS = 1, 1, 38

def call(*args):
    result = libc.syscall(*args)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

split = sys.argv.index("--")
handled = ctypes.create_string_buffer(struct.pack("Q", FS_EXECUTE), 8)
ruleset = call(CREATE_RULESET, handled, 8, 0)
for path in sys.argv[1:split]:
    fd = os.open(path, os.O_PATH)
    rule = ctypes.create_string_buffer(struct.pack("=Qi", FS_EXECUTE, fd), 12)
    call(ADD_RULE, ruleset, PATH_BENEATH, rule, 0)
    os.close(fd)
libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
call(RESTRICT_SELF, ruleset, 0)
os.close(ruleset)
os.execvp(sys.argv[split + 1], sys.argv[split + 1:])
