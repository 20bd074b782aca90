#define _GNU_SOURCE
#include "message.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "tables.h"
#include "utf8.h"

/* Names may have any length, so a line is written in pieces. */
static char buffer[1024];
static size_t filled;

static int write_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(fd, bytes, length);
    if (written >= 0) {
      bytes += written;
      length -= (size_t)written;
    } else if (errno == EAGAIN) {
      /* Another process has made the shared file non-blocking. */
      struct pollfd wait = {.fd = fd, .events = POLLOUT};
      if (poll(&wait, 1, -1) < 0 && errno != EINTR) return -errno;
    } else if (errno != EINTR) {
      return -errno;
    }
  }
  return 0;
}

static void flush(void) {
  /* Ignore an error: standard error may be closed. */
  (void)write_all(STDERR_FILENO, buffer, filled);
  filled = 0;
}

static void put(char byte) {
  if (filled == sizeof buffer) flush();
  buffer[filled++] = byte;
}

static void put_escaped(unsigned code) {
  static const char digits[] = "0123456789abcdef";
  bool started = false;
  for (const char *text = "\\u{"; *text != '\0'; text++) put(*text);
  for (int shift = 16; shift >= 0; shift -= 4) {
    unsigned digit = (code >> shift) & 0xf;
    started = started || digit != 0 || shift == 0;
    if (started) put(digits[digit]);
  }
  put('}');
}

/* In a name they could forge output on the terminal. */
static bool is_hidden(unsigned code) {
  for (size_t i = 0; i < hidden_row_count; i++)
    if (code >= hidden_rows[i].first && code <= hidden_rows[i].last) return true;
  return false;
}

void message_begin(void) {
  for (const char *text = "mayexec: "; *text != '\0'; text++) put(*text);
}

void message_text(const char *text) {
  while (*text != '\0') {
    size_t length;
    const unsigned code = character_at(text, &length);
    if (is_hidden(code)) {
      put_escaped(code);
      text += length;
    } else {
      for (; length > 0; length--) put(*text++);
    }
  }
}

void message_end(void) {
  put('\n');
  flush();
}

void say_texts(const char *const *texts) {
  message_begin();
  for (; *texts != NULL; texts++) message_text(*texts);
  message_end();
}

static const struct errno_row *describe(int error) {
  static const struct errno_row unknown = {.code = "UNKNOWN", .text = "unknown error"};
  for (size_t i = 0; i < errno_row_count; i++)
    if (errno_rows[i].number == -error) return &errno_rows[i];
  return &unknown;
}

const char *errno_code(int error) { return describe(error)->code; }

struct error_texts texts_of_error(const char *before, int error, const char *call,
                                  const char *path) {
  const struct errno_row *row = describe(error);
  struct error_texts texts = {{before, row->code, ": ", row->text, ", ", call}};
  if (path == NULL) return texts;
  texts.list[6] = " '";
  texts.list[7] = path;
  texts.list[8] = "'";
  return texts;
}

void say_error(const char *before, int error, const char *call, const char *path) {
  struct error_texts texts = texts_of_error(before, error, call, path);
  say_texts(texts.list);
}

int print(const char *text) { return write_all(STDOUT_FILENO, text, strlen(text)); }
