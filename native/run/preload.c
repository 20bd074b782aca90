#define _GNU_SOURCE
#include "preload.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* From build/Release/ to dist/. */
enum { UP = 3 };
static const char PRELOAD[] = "/dist/register.cjs";

int preload_path(char path[PATH_MAX]) {
  ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - sizeof PRELOAD);
  if (length < 0) return -errno;
  if ((size_t)length == PATH_MAX - sizeof PRELOAD) return -ENAMETOOLONG;
  path[length] = '\0';
  if (path[0] != '/') return -ENOENT;
  for (int i = 0; i < UP; i++) {
    char *slash = strrchr(path, '/');
    if (slash == NULL) return -ENOENT;
    *slash = '\0';
  }
  (void)stpcpy(path + strlen(path), PRELOAD);
  struct stat file;
  if (stat(path, &file) != 0) return -errno;
  return S_ISREG(file.st_mode) ? 0 : -EACCES;
}
