/*
 * A fanotify daemon: refuses every execution of a file on the mount of argv[1] whose first
 * byte is 'X', and allows all others. Then runs argv[2...] and ends with its status.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/fanotify.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void answer(int group) {
  struct fanotify_event_metadata events[64];
  for (;;) {
    ssize_t length = read(group, events, sizeof events);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) _exit(2);
    for (struct fanotify_event_metadata *event = events; FAN_EVENT_OK(event, length);
         event = FAN_EVENT_NEXT(event, length)) {
      char first = 0;
      const int refused = pread(event->fd, &first, 1, 0) == 1 && first == 'X';
      const struct fanotify_response response = {event->fd, refused ? FAN_DENY : FAN_ALLOW};
      if (write(group, &response, sizeof response) != sizeof response) _exit(2);
      close(event->fd);
    }
  }
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  const int group = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY | O_CLOEXEC);
  if (group < 0 ||
      fanotify_mark(group, FAN_MARK_ADD | FAN_MARK_MOUNT, FAN_OPEN_EXEC_PERM, AT_FDCWD, argv[1])) {
    perror("fanotify");
    return 2;
  }
  const pid_t daemon = fork();
  if (daemon < 0) return 2;
  if (daemon == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    answer(group);
  }
  close(group);
  const pid_t command = fork();
  if (command == 0) {
    execvp(argv[2], argv + 2);
    _exit(127);
  }
  int status = 0;
  waitpid(command, &status, 0);
  kill(daemon, SIGKILL);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
