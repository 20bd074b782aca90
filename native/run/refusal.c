#include "refusal.h"

#include <stddef.h>

#include "message.h"
#include "status.h"

static struct {
  bool on, warn;
  const struct audit_log *log;
  const char *inherited;
} audit;

static bool is_quiet, has_begun;

void record_in(const struct audit_log *log, const char *inherited) {
  audit.log = log;
  audit.inherited = inherited;
}

void only_tell(bool warn) {
  audit.on = true;
  audit.warn = warn;
}

bool only_tells(void) { return audit.on; }

void be_quiet(void) { is_quiet = true; }

/* Opens the inherited log. An error is printed, and stops nothing: the program may log nowhere. */
static void open_inherited(void) {
  static struct audit_log log;
  const char *target = audit.inherited;
  audit.inherited = NULL;
  if (target != NULL && open_audit_log(target, &log) == 0) audit.log = &log;
}

static void record(const struct record *record) {
  if (audit.log == NULL) open_inherited();
  if (audit.log != NULL) write_record(audit.log, record);
}

int refuse_texts(const char *option, const char *const *texts) {
  if (!audit.on || audit.warn) {
    message_begin();
    if (audit.on) message_text("would be refused: ");
    for (const char *const *text = texts; *text != NULL; text++) message_text(*text);
    message_end();
  }
  const char *kind = option == NULL ? "start" : "option";
  record(&(struct record){
      .operation = kind, .origin = kind, .option = option, .why = texts, .denied = !audit.on});
  return audit.on ? 0 : REFUSED;
}

int start_nothing_for(int error, const char *const *texts) {
  say_texts(texts);
  record(&(struct record){.operation = "start",
                          .origin = "start",
                          .why = texts,
                          .code = error == 0 ? NULL : errno_code(error),
                          .denied = true});
  return STATUS_CANNOT_EXECUTE;
}

void leave_out(const char *variable, const struct option_row *option, const char *gate) {
  const char *const why[] = {option == NULL ? NULL : option->why, NULL};
  record(&(struct record){.operation = "environment",
                          .origin = "start",
                          .option = option == NULL ? NULL : option->canonical,
                          .variable = variable,
                          .why = option == NULL ? NULL : why,
                          .denied = !audit.on});
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
