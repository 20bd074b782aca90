#define _GNU_SOURCE
#include "directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "exec_check.h"
#include "file_status.h"

enum { CHUNK = 32 * 1024 };

/* The layout that getdents64(2) writes. Not every libc declares it. */
struct entry {
  uint64_t ino;
  int64_t off;
  uint16_t length;
  uint8_t type;
  char name[];
};

/* Some file systems do not give the type. */
static uint8_t type_of(int directory, const struct entry *entry) {
  struct stat st;
  if (entry->type != DT_UNKNOWN) return entry->type;
  if (mayexec_fstatat(directory, entry->name, &st, AT_SYMLINK_NOFOLLOW) != 0) return DT_UNKNOWN;
  return (uint8_t)IFTODT(st.st_mode);
}

static char letter_of(uint8_t type) {
  switch (type) {
    case DT_REG:
      return 'f';
    case DT_DIR:
      return 'd';
    case DT_LNK:
      return 'l';
    default:
      return 'o';
  }
}

/*
 * Appends the entries of a chunk. Each entry becomes shorter, so the chunk's size is enough
 * room.
 */
static size_t append(int directory, const char *chunk, long got, char *to) {
  size_t length = 0;
  for (long at = 0; at < got;) {
    const struct entry *entry = (const struct entry *)(const void *)(chunk + at);
    at += entry->length;
    if (strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0) continue;
    size_t size = strlen(entry->name) + 1;
    to[length++] = letter_of(type_of(directory, entry));
    memcpy(to + length, entry->name, size);
    length += size;
  }
  return length;
}

int64_t mayexec_list_directory(int directory, char **entries) {
  _Alignas(uint64_t) char chunk[CHUNK];
  char *all = NULL;
  size_t length = 0;
  size_t capacity = 0;
  for (;;) {
    long got = syscall(SYS_getdents64, directory, chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    int64_t error = got < 0 ? -errno : 0;
    if (got > 0 && capacity - length < CHUNK) {
      capacity = 2 * capacity + CHUNK;
      char *more = realloc(all, capacity);
      if (more == NULL)
        error = -ENOMEM;
      else
        all = more;
    }
    if (error != 0) {
      free(all);
      return error;
    }
    if (got == 0) {
      *entries = all;
      return (int64_t)length;
    }
    length += append(directory, chunk, got, all + length);
  }
}

int64_t mayexec_count_names(const struct mayexec_names_in *where) {
  int64_t names = 0;
  if (where->count % 2 != 0) return -EINVAL;
  for (size_t i = 1; i < where->count; i += 2) {
    if (where->numbers[i] < 0) return -EINVAL;
    names += where->numbers[i];
  }
  return names;
}

struct questions {
  const struct mayexec_names_in *where;
  const char *names;
  int32_t *answers;
};

static int check_all(void *arg) {
  const struct questions *q = arg;
  const char *name = q->names;
  int32_t *answer = q->answers;
  for (size_t i = 0; i < q->where->count; i += 2) {
    const int directory = q->where->numbers[i];
    for (int n = q->where->numbers[i + 1]; n > 0; n--) {
      struct stat st;
      answer[0] = mayexec_exec_check_at(directory, name);
      answer[1] = 0;
      if (answer[0] != 0 && mayexec_fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        answer[1] = (int32_t)st.st_mode;
      answer += 2;
      name += strlen(name) + 1;
    }
  }
  return 0;
}

int mayexec_check_names(struct mayexec_checker *checker, enum mayexec_asker asker,
                        const struct mayexec_names_in *where, const char *names, int32_t *answers) {
  struct questions questions = {where, names, answers};
  return mayexec_checker_run(checker, asker, check_all, &questions);
}
