#define _GNU_SOURCE
#include "first_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "file_status.h"

static const char *skip_blanks(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\t')) at++;
  return at;
}

/* Where a name ends: at a blank, at a NUL, or with the line. */
static const char *end_of_name(const char *at, const char *end) {
  while (at < end && *at != ' ' && *at != '\t' && *at != '\0') at++;
  return at;
}

/* A copy as the C string that the kernel makes of it: a NUL ends it. */
static void copy(char *to, const char *from, const char *end) {
  const size_t length = strnlen(from, (size_t)(end - from));
  memcpy(to, from, length);
  to[length] = '\0';
}

int mayexec_parse_first_line(const char *bytes, size_t size, struct mayexec_first_line *out) {
  char line[MAYEXEC_FIRST_LINE] = {0};
  memcpy(line, bytes, size < sizeof line ? size : sizeof line);
  if (line[0] != '#' || line[1] != '!') return 0;
  const char *start = line + 2, *end = memchr(line, '\n', sizeof line);
  if (end == NULL) {
    end = line + sizeof line - 1;
    /* The kernel executes nothing by a name that may go on. It may cut an argument off. */
    if (end_of_name(skip_blanks(start, end + 1), end + 1) == end + 1) return 0;
  }
  while (end > start && (end[-1] == ' ' || end[-1] == '\t')) end--;
  const char *name = skip_blanks(start, end);
  if (name == end) return 0;
  const char *behind = end_of_name(name, end);
  copy(out->interpreter, name, behind);
  const bool ends = behind < end && *behind == '\0';
  const char *argument = ends ? end : skip_blanks(behind, end);
  copy(out->argument, argument, end);
  return 1;
}

static int read_start(int fd, char *bytes, size_t *size) {
  *size = 0;
  while (*size < MAYEXEC_FIRST_LINE) {
    const ssize_t count = pread(fd, bytes + *size, MAYEXEC_FIRST_LINE - *size, (off_t)*size);
    if (count == 0) return 0;
    if (count > 0)
      *size += (size_t)count;
    else if (errno != EINTR)
      return -errno;
  }
  return 0;
}

/* Errors of a name by which nothing is executed. Who may execute a file need not be able to read
 * it. */
static int unless_absent(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG:
    case EACCES:
    case EPERM:
      return 0;
    default:
      return -error;
  }
}

/* Whether anybody could execute it. To open a device or a fifo has effects. */
static bool is_executable(const struct stat *status) {
  return S_ISREG(status->st_mode) && (status->st_mode & 0111) != 0;
}

int mayexec_read_first_line(const char *path, struct mayexec_first_line *out) {
  struct stat status;
  if (mayexec_fstatat(AT_FDCWD, path, &status, 0) != 0) return unless_absent(errno);
  if (!is_executable(&status)) return 0;
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) return unless_absent(errno);
  char bytes[MAYEXEC_FIRST_LINE];
  size_t size = 0;
  const int error = read_start(fd, bytes, &size);
  (void)close(fd);
  return error == 0 ? mayexec_parse_first_line(bytes, size, out) : error;
}
