#include "refusal.h"

#include <stddef.h>

#include "message.h"
#include "status.h"

static struct {
  bool on, warn;
  const struct audit_log *log;
} audit;

static bool is_quiet, has_begun;

void only_tell(const struct audit_log *log, bool warn) {
  audit.on = true;
  audit.warn = warn;
  audit.log = log;
}

bool only_tells(void) { return audit.on; }

void be_quiet(void) { is_quiet = true; }

int refuse_texts(const char *option, const char *const *texts) {
  if (!audit.on || audit.warn) {
    message_begin();
    if (audit.on) message_text("would be refused: ");
    for (const char *const *text = texts; *text != NULL; text++) message_text(*text);
    message_end();
  }
  if (!audit.on) return REFUSED;
  if (audit.log != NULL) {
    const struct record record = {
        .operation = option == NULL ? "start" : "option", .option = option, .why = texts};
    write_record(audit.log, &record);
  }
  return 0;
}

void leave_out(const char *variable, const struct option_row *option, const char *gate) {
  if (audit.log != NULL) {
    const struct record record = {
        .operation = "environment",
        .option = option == NULL ? NULL : option->canonical,
        .variable = variable,
        .why = option == NULL ? NULL : (const char *const[]){option->why, NULL}};
    write_record(audit.log, &record);
  }
  if (audit.on ? !audit.warn : is_quiet) return;
  if (has_begun) {
    message_text(", ");
  } else {
    message_begin();
    message_text(audit.on ? "would be left out of the environment: "
                          : "left out of the environment: ");
  }
  message_text(variable);
  if (option != NULL) {
    message_text(" ");
    message_text(option->canonical);
    message_text(" (");
    message_text(option->why);
    message_text(" ");
    if (gate != NULL) {
      message_text("--strict closes it, --allow=");
      message_text(gate);
      message_text(" keeps it");
    } else {
      message_text(option->instead);
    }
    message_text(")");
  }
  has_begun = true;
}

void end_left_out(void) {
  if (has_begun) message_end();
  has_begun = false;
}
