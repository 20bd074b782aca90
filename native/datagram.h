#ifndef MAYEXEC_DATAGRAM_H
#define MAYEXEC_DATAGRAM_H

/*
 * A datagram socket that is connected to the Unix socket of that path, such as
 * /dev/log, which Node cannot make: one write(2) to it is one message. It does
 * not block and is closed on exec. The fd, or -errno.
 */
int mayexec_datagram_connect(const char *path);

#endif
