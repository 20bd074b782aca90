#ifndef MAYEXEC_DATAGRAM_H
#define MAYEXEC_DATAGRAM_H

/*
 * A datagram socket that is connected to the Unix socket at that path, such as /dev/log.
 * Node cannot make one. One write(2) sends one message. The socket does not block and is
 * closed on exec. The fd, or -errno.
 */
int mayexec_datagram_connect(const char *path);

#endif
