# cleared-securebits.py WORD...: clears the securebits, which nobody has locked, and becomes a command.
import ctypes
import os
import sys

PR_SET_SECUREBITS = 28
if ctypes.CDLL(None).prctl(PR_SET_SECUREBITS, 0, 0, 0, 0) != 0:
    sys.exit("prctl failed")
os.execv(sys.argv[1], sys.argv[1:])
