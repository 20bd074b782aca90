#include "file_lock.h"

#include <errno.h>
#include <sys/file.h>

int mayexec_lock_file(int fd) {
  int result;
  do {
    result = flock(fd, LOCK_EX | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  return result == 0 ? 0 : -errno;
}
