"""Prints whether a mapping of the file may become executable, which is what SGX's driver asks."""

import ctypes
import mmap
import sys

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
PRIVATE_READ = (mmap.PROT_READ, mmap.MAP_PRIVATE)

with open(sys.argv[1], "rb") as file:
    place = libc.mmap(None, 4096, *PRIVATE_READ, file.fileno(), 0)
    assert place != ctypes.c_void_p(-1).value
    failed = libc.mprotect(ctypes.c_void_p(place), 4096, mmap.PROT_READ | mmap.PROT_EXEC)
    print("no" if failed else "yes")
