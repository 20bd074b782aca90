#define _GNU_SOURCE
#include "search.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The PATH for an environment without one. */
static const char DEFAULT[] = "/usr/bin:/bin";

static const char *path_variable(char *const envp[]) {
  for (; *envp != NULL; envp++)
    if (strncmp(*envp, "PATH=", 5) == 0) return *envp + 5;
  return DEFAULT;
}

/* 0, or -errno. */
static int is_executable(const char *path) {
  struct stat file;
  if (stat(path, &file) != 0) return -errno;
  if (!S_ISREG(file.st_mode)) return -EACCES;
  return access(path, X_OK) == 0 ? 0 : -errno;
}

/* Joins a folder of PATH and a name. An empty folder is the current directory. */
static bool join(const char *folder, size_t length, const char *name, char path[PATH_MAX]) {
  size_t name_length = strlen(name);
  if (length + 1 + name_length >= PATH_MAX) return false;
  memcpy(path, folder, length);
  if (length > 0) path[length++] = '/';
  memcpy(path + length, name, name_length + 1);
  return true;
}

int search(const char *name, char *const envp[], char path[PATH_MAX]) {
  if (strchr(name, '/') != NULL) {
    if (!join("", 0, name, path)) return -ENAMETOOLONG;
    return is_executable(path);
  }
  int failure = -ENOENT;
  for (const char *folder = path_variable(envp);; folder++) {
    size_t length = strcspn(folder, ":");
    if (join(folder, length, name, path)) {
      int result = is_executable(path);
      if (result == 0) return 0;
      if (result == -EACCES) failure = result;
    }
    folder += length;
    if (*folder == '\0') return failure;
  }
}
