# pending-signal.py LAUNCHER WORD...: starts the launcher with a SIGUSR1 that is blocked and pending.
import os
import signal
import sys

signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
os.kill(os.getpid(), signal.SIGUSR1)
signal.raise_signal(signal.SIGUSR1)  # to this thread
os.execv(sys.argv[1], sys.argv[1:])
