#define _GNU_SOURCE
#include "audit_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../datagram.h"
#include "absolute_path.h"
#include "message.h"
#include "status.h"

/* Indexed by the kind. */
static const char *const sockets[] = {NULL, "/dev/log", "/run/systemd/journal/socket"};

static int make_target(const char *given, struct audit_log *out) {
  out->kind = LOG_FILE;
  if (strcmp(given, "syslog") == 0) out->kind = LOG_SYSLOG;
  if (strcmp(given, "journal") == 0) out->kind = LOG_JOURNAL;
  if (out->kind == LOG_FILE) return absolute_path(given, out->target);
  (void)stpcpy(out->target, given);
  return 0;
}

/* As the preload opens it. */
static int open_file(const char *path) {
  int fd = open(
      path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW, 0600);
  return fd < 0 ? -errno : fd;
}

int open_audit_log(const char *given, struct audit_log *out) {
  static const char WHAT[] = "the audit log cannot be written: ";
  int error = make_target(given, out);
  if (error != 0) {
    say_error(WHAT, error, "open", given);
    return STATUS_FAILURE;
  }
  const char *socket = sockets[out->kind];
  out->fd = socket == NULL ? open_file(out->target) : mayexec_datagram_connect(socket);
  if (out->fd >= 0) return 0;
  say_error(WHAT, out->fd, socket == NULL ? "open" : "connect",
            socket == NULL ? out->target : socket);
  return STATUS_FAILURE;
}

/* A line that is being written; what does not fit is left out. */
struct line {
  char text[1 << 15];
  size_t length;
};

/* What must fit behind a text of any length. */
enum { RESERVE = 1 << 10 };

static void add_byte(struct line *line, char byte) {
  if (line->length < sizeof line->text) line->text[line->length++] = byte;
}

static void add(struct line *line, const char *text) {
  while (*text != '\0') add_byte(line, *text++);
}

/* With so many digits at least. */
static void add_number(struct line *line, long number, int digits) {
  long power = 1;
  while (--digits > 0 || number / power >= 10) power *= 10;
  for (; power > 0; power /= 10) add_byte(line, (char)('0' + number / power % 10));
}

/* Within the quotes of JSON. */
static void add_escaped(struct line *line, const char *text) {
  static const char digits[] = "0123456789abcdef";
  for (; *text != '\0' && line->length < sizeof line->text - RESERVE; text++) {
    unsigned char byte = (unsigned char)*text;
    if (byte < ' ') {
      add(line, "\\u00");
      add_byte(line, digits[byte >> 4]);
      add_byte(line, digits[byte & 0xf]);
      continue;
    }
    if (byte == '"' || byte == '\\') add_byte(line, '\\');
    add_byte(line, *text);
  }
}

static void add_field(struct line *line, const char *name, const char *value) {
  if (value == NULL) return;
  add(line, ",\"");
  add(line, name);
  add(line, "\":\"");
  add_escaped(line, value);
  add(line, "\"");
}

/*
 * As toISOString of JavaScript. gmtime(3) would read the file that the variable TZ names.
 * The days are counted from March on, so that the leap day is the last of a year.
 */
static void add_time(struct line *line) {
  enum { DAY = 86400, ERA = 146097, SINCE_MARCH_0000 = 719468 };
  struct timespec now;
  (void)clock_gettime(CLOCK_REALTIME, &now);
  long day = (long)(now.tv_sec / DAY) + SINCE_MARCH_0000, second = (long)(now.tv_sec % DAY);
  long of_era = day % ERA;
  long year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  long of_year = of_era - (365 * year + year / 4 - year / 100);
  long since_march = (5 * of_year + 2) / 153;
  long month = since_march < 10 ? since_march + 3 : since_march - 9;
  add_number(line, day / ERA * 400 + year + (month <= 2), 4);
  add(line, "-");
  add_number(line, month, 2);
  add(line, "-");
  add_number(line, of_year - (153 * since_march + 2) / 5 + 1, 2);
  add(line, "T");
  add_number(line, second / 3600, 2);
  add(line, ":");
  add_number(line, second / 60 % 60, 2);
  add(line, ":");
  add_number(line, second % 60, 2);
  add(line, ".");
  add_number(line, now.tv_nsec / 1000000, 3);
  add(line, "Z");
}

/* The facility authpriv, and a warning. */
static void add_head(struct line *line, const struct audit_log *log) {
  switch (log->kind) {
    case LOG_FILE:
      return;
    case LOG_SYSLOG:
      add(line, "<84>mayexec[");
      add_number(line, getpid(), 1);
      add(line, "]: ");
      return;
    case LOG_JOURNAL:
      add(line, "PRIORITY=4\nSYSLOG_FACILITY=10\nSYSLOG_IDENTIFIER=mayexec\nMESSAGE=");
  }
}

void write_record(const struct audit_log *log, const struct record *record) {
  static struct line line;
  line.length = 0;
  add_head(&line, log);
  add(&line, "{\"time\":\"");
  add_time(&line);
  add(&line, "\",\"pid\":");
  add_number(&line, getpid(), 1);
  add_field(&line, "operation", record->operation);
  add_field(&line, "option", record->option);
  add_field(&line, "variable", record->variable);
  if (record->why != NULL) {
    add(&line, ",\"why\":\"");
    for (const char *const *text = record->why; *text != NULL; text++) add_escaped(&line, *text);
    add(&line, "\"");
  }
  add(&line,
      ",\"allowed\":false,\"binding\":false,\"denied\":false,\"wouldDeny\":true,"
      "\"mechanism\":\"none\",\"errno\":\"EACCES\"}");
  if (log->kind != LOG_SYSLOG) add(&line, "\n");
  (void)!write(log->fd, line.text, line.length);
}
