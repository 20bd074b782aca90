"""Pins a BPF map at the path in argv[1], which makes a regular file of bpffs."""
import ctypes
import os
import struct
import sys

BPF_MAP_CREATE, BPF_OBJ_PIN, BPF_MAP_TYPE_ARRAY = 0, 6, 2
NUMBERS = {"x86_64": 321, "aarch64": 280}
libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attributes):
    size = len(attributes)
    buffer = ctypes.create_string_buffer(attributes, size)
    result = libc.syscall(NUMBERS[os.uname().machine], command, buffer, size)
    if result < 0:
        raise OSError(ctypes.get_errno(), "bpf")
    return result


# Type, size of a key, size of a value, number of entries; flags and the rest are 0.
created = bpf(BPF_MAP_CREATE, struct.pack("IIII", BPF_MAP_TYPE_ARRAY, 4, 4, 1) + bytes(56))
path = ctypes.create_string_buffer(sys.argv[1].encode())
bpf(BPF_OBJ_PIN, struct.pack("QII", ctypes.addressof(path), created, 0) + bytes(56))
