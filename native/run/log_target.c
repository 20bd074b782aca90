#define _GNU_SOURCE
#include "log_target.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"
#include "status.h"

static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/* Reads the number at *at, and moves *at behind it. False when there is none. */
static bool read_number(const char **at, unsigned long *number) {
  if (!is_digit(**at)) return false;
  for (*number = 0; is_digit(**at); (*at)++) {
    unsigned long digit = (unsigned long)(**at - '0');
    if (*number > (ULONG_MAX - digit) / 10) return false;
    *number = *number * 10 + digit;
  }
  return true;
}

static bool read_fd(const char **at, struct log_target *out) {
  unsigned long number = 0;
  if (!read_number(at, &number) || number > INT_MAX) return false;
  out->fd = (int)number;
  return true;
}

/* N, or N=DEV:INO. */
static bool read_handed_on(const char *at, struct log_target *out) {
  if (!read_fd(&at, out)) return false;
  if (*at == '\0') return true;
  out->has_identity = true;
  if (*at++ != '=' || !read_number(&at, &out->dev) || *at++ != ':') return false;
  return read_number(&at, &out->ino) && *at == '\0';
}

static bool names_fd(const char *given, struct log_target *out) {
  static const struct {
    const char *name;
    int fd;
  } streams[] = {{"-", STDOUT_FILENO},
                 {"stdout", STDOUT_FILENO},
                 {"stderr", STDERR_FILENO},
                 {"/dev/stdout", STDOUT_FILENO},
                 {"/dev/stderr", STDERR_FILENO}};
  static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
  for (unsigned i = 0; i < sizeof streams / sizeof streams[0]; i++) {
    if (strcmp(given, streams[i].name) != 0) continue;
    out->fd = streams[i].fd;
    return true;
  }
  for (unsigned i = 0; i < sizeof folders / sizeof folders[0]; i++) {
    size_t length = strlen(folders[i]);
    if (strncmp(given, folders[i], length) != 0) continue;
    const char *at = given + length;
    if (read_fd(&at, out) && *at == '\0') return true;
  }
  return strncmp(given, "fd:", 3) == 0 && read_handed_on(given + 3, out);
}

/* Whether a word and a colon come before any '/', as in a URL or another program's target. */
static bool has_scheme(const char *given) {
  size_t length = strcspn(given, ":/.");
  return length > 0 && given[length] == ':';
}

int read_log_target(const char *given, struct log_target *out) {
  *out = (struct log_target){.kind = LOG_FD};
  if (names_fd(given, out)) return 0;
  out->kind = LOG_FILE;
  if (strcmp(given, "syslog") == 0) out->kind = LOG_SYSLOG;
  if (strcmp(given, "journal") == 0) out->kind = LOG_JOURNAL;
  if (out->kind != LOG_FILE) return 0;
  if (!has_scheme(given) && strpbrk(given, "/.") != NULL) return 0;
  if (given[0] == '\0') {
    say("the audit log '' is not stdout, stderr, fd:NUMBER, syslog or journal, and names no "
        "file");
    return STATUS_FAILURE;
  }
  static const char advice[] =
      "' is not stdout, stderr, fd:NUMBER, syslog or journal. The name of a file has a '/' "
      "or a '.' in it: write ./";
  say("the audit log '", given, advice, given);
  return STATUS_FAILURE;
}

static char *put_number(char *at, unsigned long number) {
  char digits[24];
  size_t count = 0;
  do {
    digits[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  while (count > 0) *at++ = digits[--count];
  return at;
}

int name_log_fd(int fd, char *target) {
  struct stat stat;
  if (fstat(fd, &stat) != 0) return -errno;
  char *at = put_number(stpcpy(target, "fd:"), (unsigned long)fd);
  *at++ = '=';
  at = put_number(at, (unsigned long)stat.st_dev);
  *at++ = ':';
  *put_number(at, (unsigned long)stat.st_ino) = '\0';
  return 0;
}
