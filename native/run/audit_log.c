#define _GNU_SOURCE
#include "audit_log.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "../datagram.h"
#include "../inherit_fd.h"
#include "../lease.h"
#include "absolute_path.h"
#include "message.h"
#include "status.h"
#include "utf8.h"

static const char WHAT[] = "the audit log cannot be written: ";

static bool is_regular(const char *path) {
  struct stat stat;
  return lstat(path, &stat) == 0 && S_ISREG(stat.st_mode);
}

/* Opens the file as the preload does. */
static int open_file(const char *path) {
  const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW;
  for (long wait_ns = 0;;) {
    int fd = open(path, flags, 0600);
    if (fd >= 0) return fd;
    const int error = -errno;
    if (error != -EAGAIN || !is_regular(path)) return error;
    mayexec_await_lease(&wait_ns);
  }
}

/*
 * Prints why the log cannot be written, in words where the text of the errno does not help. Returns
 * the status.
 */
static int say_why_not(int error, const char *call, const char *name) {
  const char *why = error == -EBADF   ? "' is not open for writing"
                    : error == -ENXIO ? "' has no reader. Start what reads the fifo first"
                    : error == -ELOOP
                        ? "' is a symbolic link, which is not followed. Name the file itself"
                        : NULL;
  if (why == NULL)
    say_error(WHAT, error, call, name);
  else
    say(WHAT, "'", name, why);
  return STATUS_FAILURE;
}

/*
 * Replaces the fd by one that the program inherits, and the target by its name. 0, or the status.
 */
static int hand_on(struct audit_log *log, const char *given) {
  struct stat stat;
  if (fstat(log->fd, &stat) != 0) return say_why_not(-errno, "fstat", given);
  if (log->where.has_identity && (stat.st_dev != log->where.dev || stat.st_ino != log->where.ino)) {
    say(WHAT, "'", given, "' is another file here than where it was handed on");
    return STATUS_FAILURE;
  }
  log->fd = mayexec_inherit_fd(log->fd);
  int error = log->fd < 0 ? log->fd : name_log_fd(log->fd, log->target);
  return error == 0 ? 0 : say_why_not(error, "fcntl", given);
}

static bool is_fifo(int fd) {
  struct stat stat;
  return fstat(fd, &stat) == 0 && S_ISFIFO(stat.st_mode);
}

static int open_log_file(const char *given, struct audit_log *out) {
  int error = absolute_path(given, out->target);
  if (error == 0 && !is_utf8(out->target)) {
    static const char advice[] =
        "' is not UTF-8, and the preload in Node would take another file for it. Open it here: "
        "--audit-log fd:3 3>>FILE";
    say(WHAT, "'", out->target, advice);
    return STATUS_FAILURE;
  }
  if (error == 0) out->fd = open_file(out->target);
  if (error != 0 || out->fd < 0)
    return say_why_not(error != 0 ? error : out->fd, "open", out->target);
  /*
   * A reader ends when no process has the fifo open, which could happen between this program and
   * the next.
   */
  return is_fifo(out->fd) ? hand_on(out, given) : 0;
}

static int open_socket(const char *given, const char *socket, struct audit_log *out) {
  (void)stpcpy(out->target, given);
  out->fd = mayexec_datagram_connect(socket);
  if (out->fd >= 0) return 0;
  say_error(WHAT, out->fd, "connect", socket);
  return STATUS_FAILURE;
}

int open_audit_log(const char *given, struct audit_log *out) {
  int status = read_log_target(given, &out->where);
  if (status != 0) return status;
  switch (out->where.kind) {
    case LOG_FD:
      out->fd = out->where.fd;
      return hand_on(out, given);
    case LOG_SYSLOG:
      return open_socket(given, "/dev/log", out);
    case LOG_JOURNAL:
      return open_socket(given, "/run/systemd/journal/socket", out);
    case LOG_FILE:
      break;
  }
  return open_log_file(given, out);
}

/* A line that is being written. Text that does not fit is omitted. */
struct line {
  char text[1 << 15];
  size_t length;
};

/* The room that a long text leaves for the rest of the line. */
enum { RESERVE = 1 << 10 };

static void add_byte(struct line *line, char byte) {
  if (line->length < sizeof line->text) line->text[line->length++] = byte;
}

static void add(struct line *line, const char *text) {
  while (*text != '\0') add_byte(line, *text++);
}

/* Adds a number with at least this many digits. */
static void add_number(struct line *line, long number, int digits) {
  long power = 1;
  while (--digits > 0 || number / power >= 10) power *= 10;
  for (; power > 0; power /= 10) add_byte(line, (char)('0' + number / power % 10));
}

/* Adds a text within the quotes of JSON, which must be UTF-8. Other bytes become U+FFFD. */
static void add_escaped(struct line *line, const char *text) {
  static const char digits[] = "0123456789abcdef";
  size_t length;
  for (; *text != '\0' && line->length < sizeof line->text - RESERVE; text += length) {
    const unsigned code = character_at(text, &length);
    if (code == NO_CHARACTER) {
      add(line, "\xef\xbf\xbd");
    } else if (code < ' ') {
      add(line, "\\u00");
      add_byte(line, digits[code >> 4]);
      add_byte(line, digits[code & 0xf]);
    } else {
      if (code == '"' || code == '\\') add_byte(line, '\\');
      for (size_t i = 0; i < length; i++) add_byte(line, text[i]);
    }
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
 * Adds the time as JavaScript's toISOString does. gmtime(3) would read the file that the variable
 * TZ names. A year starts in March here, so that the leap day is its last day.
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

/* Adds the facility authpriv and the priority warning. */
static void add_head(struct line *line, const struct audit_log *log) {
  switch (log->where.kind) {
    case LOG_FILE:
    case LOG_FD:
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

/* A log must not stop a program, but whoever reads it has to know that it is not complete. */
static void say_lost(int error, const struct audit_log *log) {
  static bool has_said;
  if (!has_said) say_error("the audit log loses records: ", error, "write", log->target);
  has_said = true;
}

void write_record(const struct audit_log *log, const struct record *record) {
  static struct line line;
  line.length = 0;
  add_head(&line, log);
  add(&line, "{\"time\":\"");
  add_time(&line);
  add(&line, "\",\"pid\":");
  add_number(&line, getpid(), 1);
  struct utsname system;
  add_field(&line, "host", uname(&system) == 0 ? system.nodename : NULL);
  add(&line, ",\"uid\":");
  add_number(&line, (long)getuid(), 1);
  add_field(&line, "operation", record->operation);
  add_field(&line, "origin", record->origin);
  add_field(&line, "option", record->option);
  add_field(&line, "variable", record->variable);
  if (record->why != NULL) {
    add(&line, ",\"why\":\"");
    for (const char *const *text = record->why; *text != NULL; text++) add_escaped(&line, *text);
    add(&line, "\"");
  }
  add(&line, record->denied ? ",\"allowed\":false,\"binding\":true,\"denied\":true"
                            : ",\"allowed\":false,\"binding\":false,\"denied\":false");
  add(&line, ",\"wouldDeny\":true,\"mechanism\":\"none\"");
  add_field(&line, "errno", record->code == NULL ? "EACCES" : record->code);
  add(&line, "}");
  if (log->where.kind != LOG_SYSLOG) add(&line, "\n");
  /* The reader may be gone, or the file as long as it may be. */
  void (*on_pipe)(int) = signal(SIGPIPE, SIG_IGN);
  void (*on_limit)(int) = signal(SIGXFSZ, SIG_IGN);
  ssize_t written = write(log->fd, line.text, line.length);
  if (written < 0)
    say_lost(-errno, log);
  else if ((size_t)written < line.length)
    say_lost(-ENOSPC, log);
  if (on_pipe != SIG_ERR) (void)signal(SIGPIPE, on_pipe);
  if (on_limit != SIG_ERR) (void)signal(SIGXFSZ, on_limit);
}
