# memfd.py FLAGS MODE COMMAND...: runs COMMAND with a memfd of these flags as its
# standard input; MODE, in octal, is set with fchmod unless it is "-".
import os, sys

flags, mode = int(sys.argv[1], 0), sys.argv[2]
fd = os.memfd_create("code", flags)
os.write(fd, b"+\n")
if mode != "-":
    os.fchmod(fd, int(mode, 8))
os.lseek(fd, 0, os.SEEK_SET)
os.dup2(fd, 0)
os.execvp(sys.argv[3], sys.argv[3:])
