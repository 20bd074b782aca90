/*
 * A command line: nothing that Node obeys wherever it stands is let through, and no Node
 * behind another program gets what acts before its preload.
 */
#define _GNU_SOURCE
#include "command_line.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input.h"
#include "status.h"

enum { KINDS = 5 };
static const struct {
  const char *path;
  struct mayexec_program_file file;
} programs[KINDS] = {
    {"/bin/node", {.node = NODE}},
    {"/bin/application", {.node = NODE_APPLICATION}},
    {"/usr/bin/env", {.node = NOT_NODE}},
    {"/bin/sh", {.node = NOT_NODE}},
    {"/bin/secret", {.is_unreadable = true}},
};

/* A file by the name of Node counts as one. */
static char path_variable[64] = "PATH=";

static void plant_node(void) {
  char folder[] = "/tmp/mayexec-fuzz-XXXXXX", file[64];
  MUST(mkdtemp(folder) != NULL);
  (void)stpcpy(path_variable + strlen("PATH="), folder);
  (void)snprintf(file, sizeof file, "%s/node", folder);
  int fd = open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0700);
  MUST(fd >= 0 && close(fd) == 0);
}

static void remove_node(void) {
  char file[128];
  const char *folder = path_variable + strlen("PATH=");
  (void)snprintf(file, sizeof file, "%s/node", folder);
  (void)unlink(file);
  (void)rmdir(folder);
}

static bool begins_with(const char *word, const char *start) {
  return strncmp(word, start, strlen(start)) == 0;
}

/* Whether there are words for which nobody has to know any more. */
static bool is_known_bad(const struct input *input, size_t kind) {
  bool node = kind == 0;
  for (size_t i = 1; i < input->count; i++) {
    const char *word = input->words[i];
    if (kind < 2 && begins_with(word, "--experimental-config-file")) return true;
    if (node && (strcmp(word, "--build-snapshot") == 0 || strcmp(word, "--env-file=x") == 0))
      return true;
    /* Node's own options end with the first word that is none. */
    node = kind >= 2 && strcmp(word, "node") == 0;
  }
  return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (path_variable[strlen("PATH=")] == '\0') {
    plant_node();
    (void)atexit(remove_node);
  }
  if (size < 2) return 0;
  struct input input;
  input_open(data + 2, size - 2, &input);
  const size_t kind = data[0] % KINDS;
  const struct strictness strictness = {.on = (data[1] & 1) != 0, .gates = data[1] >> 1};
  char *envp[] = {path_variable, NULL};
  if (input.count > 0) {
    struct permission permission = {0};
    int error = check_command(programs[kind].path, input.words, envp, strictness,
                              &programs[kind].file, &permission);
    MUST(error == 0 || error == REFUSED);
    if (is_known_bad(&input, kind)) MUST(error == REFUSED);
  }
  check_what_was_written();
  input_close(&input);
  return 0;
}
