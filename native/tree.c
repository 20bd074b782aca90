#define _GNU_SOURCE
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "checker.h"
#include "exec_check.h"
#include "file_facts.h"
#include "openat2.h"
#include "read_file.h"

enum {
  BENEATH = 0x08,
  NO_SYMLINKS = 0x04,
  NO_MAGICLINKS = 0x02,
  INSIDE = BENEATH | NO_SYMLINKS | NO_MAGICLINKS,

  ENTRIES_SIZE = 64 * 1024,
  /* Longer than any "#!" line that the kernel honours (BINPRM_BUF_SIZE). */
  FIRST_LINE = 256,
  STACK_SIZE = 256 * 1024,
  UNKNOWN = -1,
  /* Larger than any package.json in earnest. */
  PACKAGE_LIMIT = 8 * 1024 * 1024,
};

/* One walk at a time, so that its counters can be read without a handle. */
static atomic_flag busy = ATOMIC_FLAG_INIT;
static struct { _Atomic uint32_t directories, walked, files, code; } progress;

/* As getdents64(2) writes it; libc has no declaration of it everywhere. */
struct entry {
  uint64_t ino;
  int64_t off;
  uint16_t length;
  uint8_t type;
  char name[];
};

struct walk {
  int root;
  int what;
  struct mayexec_checker *checker;
  int own_fs; /* whether this thread may make checks itself: exec_check.h */
  int error;  /* the first that ends the walk */
  int noexec; /* whether the directory being walked is on a noexec mount */

  uint8_t *records;
  size_t length;
  size_t capacity;

  char **pending; /* directories, as paths relative to the root */
  size_t pending_count;
  size_t pending_capacity;

  char *entries;
  char path[PATH_MAX];
};

static void count(_Atomic uint32_t *counter) {
  (void)atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

static void put32(uint8_t *at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> (8 * i));
}

static int reserve(struct walk *w, size_t more) {
  if (w->capacity - w->length >= more) return 0;
  size_t capacity = w->capacity == 0 ? (size_t)64 * 1024 : w->capacity;
  while (capacity - w->length < more) {
    if (capacity > SIZE_MAX / 2) return -ENOMEM;
    capacity *= 2;
  }
  uint8_t *records = realloc(w->records, capacity);
  if (records == NULL) return -ENOMEM;
  w->records = records;
  w->capacity = capacity;
  return 0;
}

static void record(struct walk *w, int kind, int reason, int result, const char *path,
                   const uint8_t *content, size_t content_length) {
  size_t path_length = strlen(path);
  if (w->error != 0) return;
  w->error = reserve(w, MAYEXEC_TREE_HEADER + path_length + content_length);
  if (w->error != 0) return;
  uint8_t *at = w->records + w->length;
  put32(at, (uint32_t)path_length);
  put32(at + 4, (uint32_t)content_length);
  put32(at + 8, (uint32_t)result);
  at[12] = (uint8_t)kind;
  at[13] = (uint8_t)reason;
  at[14] = at[15] = 0;
  at += MAYEXEC_TREE_HEADER;
  memcpy(at, path, path_length);
  if (content_length > 0) memcpy(at + path_length, content, content_length);
  w->length += MAYEXEC_TREE_HEADER + path_length + content_length;
}

static void failed(struct walk *w, const char *path, int error) {
  /* What is gone is no part of the tree any more. */
  if (error == -ENOENT) return;
  record(w, MAYEXEC_TREE_ERROR, MAYEXEC_TREE_NO_REASON, error, path, NULL, 0);
}

static void push(struct walk *w, const char *path) {
  if (w->error != 0) return;
  if (w->pending_count == w->pending_capacity) {
    size_t capacity = w->pending_capacity == 0 ? 256 : w->pending_capacity * 2;
    char **pending = realloc(w->pending, capacity * sizeof *pending);
    if (pending == NULL) {
      w->error = -ENOMEM;
      return;
    }
    w->pending = pending;
    w->pending_capacity = capacity;
  }
  char *copy = strdup(path);
  if (copy == NULL) {
    w->error = -ENOMEM;
    return;
  }
  w->pending[w->pending_count++] = copy;
  count(&progress.directories);
}

static int ends_with(const char *name, size_t length, const char *end) {
  size_t end_length = strlen(end);
  return length > end_length && memcmp(name + length - end_length, end, end_length) == 0;
}

static int is_code_name(const char *name) {
  static const char *const endings[] = {".js", ".cjs", ".mjs", ".node", ".wasm"};
  static const char *const typescript[] = {".ts", ".cts", ".mts"};
  static const char *const declarations[] = {".d.ts", ".d.cts", ".d.mts"};
  size_t length = strlen(name);
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
    if (ends_with(name, length, endings[i])) return 1;
  for (size_t i = 0; i < sizeof typescript / sizeof *typescript; i++)
    if (ends_with(name, length, typescript[i])) return !ends_with(name, length, declarations[i]);
  return 0;
}

/* A leading dot makes a hidden file, not an extension. */
static int has_extension(const char *name) { return strchr(name + 1, '.') != NULL; }

static int is_node(const char *word, size_t length) {
  return (length == 4 && memcmp(word, "node", 4) == 0) ||
         (length == 6 && memcmp(word, "nodejs", 6) == 0);
}

/* Whether the line is "#!" and one of its words is a path of node: "#!/usr/bin/env node". */
static int names_node(const char *line, size_t length) {
  if (length < 2 || line[0] != '#' || line[1] != '!') return 0;
  size_t word = 2;
  for (size_t i = 2;; i++) {
    int end = i == length || line[i] == '\n';
    if (end || line[i] == ' ' || line[i] == '\t' || line[i] == '\r') {
      if (is_node(line + word, i - word)) return 1;
      word = i + 1;
    } else if (line[i] == '/') {
      word = i + 1;
    }
    if (end) return 0;
  }
}

/* 1 when the open file starts as a script for node, 0 when not, or -errno. */
static int is_node_script(int fd) {
  char line[FIRST_LINE];
  ssize_t got;
  do {
    got = pread(fd, line, sizeof line, 0);
  } while (got < 0 && errno == EINTR);
  return got < 0 ? -errno : names_node(line, (size_t)got);
}

static int check(struct walk *w, int fd, const char *name) {
  if (w->own_fs) {
    int result = mayexec_exec_check(fd, name);
    if (result != -ETXTBSY) return result;
  }
  /* The checker waits a while for a writer to be done. */
  return mayexec_checker_check(w->checker, fd, name);
}

/*
 * Of the file's mount only when its mode allows execution: a tree that was never
 * sealed has thousands of denials, and the directory's mount is the file's but
 * for a bind mount of a single file.
 */
static int reason_of(struct walk *w, int dir, int fd, const struct stat *st) {
  if ((st->st_mode & 0111) == 0) {
    if (w->noexec == UNKNOWN) w->noexec = mayexec_on_noexec_mount(dir);
    return w->noexec == 1 ? MAYEXEC_TREE_NOEXEC_MOUNT : MAYEXEC_TREE_MODE;
  }
  if (mayexec_on_noexec_mount(fd) == 1) return MAYEXEC_TREE_NOEXEC_MOUNT;
  return mayexec_exec_access(fd) == -EACCES ? MAYEXEC_TREE_MODE : MAYEXEC_TREE_SECURITY_MODULE;
}

static void examine(struct walk *w, int dir, int fd, const char *name, int by_name) {
  int result = check(w, fd, name);
  int reason = MAYEXEC_TREE_NO_REASON;
  if (result != 0) {
    struct stat st;
    if (fstat(fd, &st) != 0) {
      result = -errno;
    } else {
      /* No longer a file: it was replaced after its name had been read. */
      if (!S_ISREG(st.st_mode)) return;
      if (result == -EACCES || result == -EPERM) reason = reason_of(w, dir, fd, &st);
    }
  }
  count(&progress.code);
  if (result != 0 || !by_name) record(w, MAYEXEC_TREE_CODE, reason, result, w->path, NULL, 0);
}

static void list(struct walk *w) {
  count(&progress.code);
  record(w, MAYEXEC_TREE_CODE, MAYEXEC_TREE_NO_REASON, 0, w->path, NULL, 0);
}

static void hand_over_package(struct walk *w, int fd, const struct stat *st) {
  uint8_t *content = NULL;
  int64_t length = st->st_size > PACKAGE_LIMIT ? -EFBIG : mayexec_read_file(fd, &content);
  if (length < 0)
    failed(w, w->path, (int)length);
  else
    record(w, MAYEXEC_TREE_PACKAGE, MAYEXEC_TREE_NO_REASON, 0, w->path, content, (size_t)length);
  free(content);
}

/* Code by its name: O_PATH wakes no device or fifo up, and needs no right to read. */
static void visit_code(struct walk *w, int dir, const char *name) {
  if ((w->what & MAYEXEC_TREE_LIST) != 0) {
    list(w);
    return;
  }
  int fd = mayexec_openat2(dir, name, O_PATH | O_CLOEXEC, 0, INSIDE);
  if (fd < 0) {
    failed(w, w->path, fd);
    return;
  }
  examine(w, dir, fd, name, 1);
  (void)close(fd);
}

/* A file whose content has a say. */
static void visit_content(struct walk *w, int dir, const char *name, int package) {
  int fd = mayexec_openat2(dir, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0, INSIDE);
  if (fd < 0) {
    failed(w, w->path, fd);
    return;
  }
  struct stat st;
  if (fstat(fd, &st) != 0) {
    failed(w, w->path, -errno);
  } else if (S_ISREG(st.st_mode) && package) {
    hand_over_package(w, fd, &st);
  } else if (S_ISREG(st.st_mode)) {
    int script = is_node_script(fd);
    if (script < 0)
      failed(w, w->path, script);
    else if (script && (w->what & MAYEXEC_TREE_LIST) != 0)
      list(w);
    else if (script)
      examine(w, dir, fd, name, 0);
  }
  (void)close(fd);
}

static void visit_file(struct walk *w, int dir, const char *name) {
  int package = strcmp(name, "package.json") == 0;
  count(&progress.files);
  if (is_code_name(name))
    visit_code(w, dir, name);
  else if (package || !has_extension(name))
    visit_content(w, dir, name, package);
}

/* Links within the tree lead to what is visited anyway, or to nothing. */
static void visit_link(struct walk *w) {
  int fd = mayexec_openat2(w->root, w->path, O_PATH | O_CLOEXEC, 0, BENEATH | NO_MAGICLINKS);
  if (fd >= 0)
    (void)close(fd);
  else if (fd == -EXDEV)
    record(w, MAYEXEC_TREE_LINK, MAYEXEC_TREE_NO_REASON, fd, w->path, NULL, 0);
  else if (fd != -ELOOP && fd != -ENOTDIR)
    failed(w, w->path, fd);
}

static int type_of(int dir, const char *name) {
  struct stat st;
  if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0) return DT_UNKNOWN;
  if (S_ISDIR(st.st_mode)) return DT_DIR;
  if (S_ISREG(st.st_mode)) return DT_REG;
  return S_ISLNK(st.st_mode) ? DT_LNK : DT_UNKNOWN;
}

static void visit(struct walk *w, int dir, size_t directory_length, const struct entry *entry) {
  const char *name = entry->name;
  if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return;
  size_t length = strlen(name);
  if (directory_length + length >= sizeof w->path) {
    w->path[directory_length] = '\0';
    failed(w, w->path, -ENAMETOOLONG);
    return;
  }
  memcpy(w->path + directory_length, name, length + 1);
  /* Some file systems leave the type out. */
  int type = entry->type == DT_UNKNOWN ? type_of(dir, name) : entry->type;
  if (type == DT_DIR)
    push(w, w->path);
  else if (type == DT_REG)
    visit_file(w, dir, name);
  else if (type == DT_LNK)
    visit_link(w);
}

static void walk_directory(struct walk *w, const char *path) {
  uint64_t flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  int dir = mayexec_openat2(w->root, path[0] == '\0' ? "." : path, flags, 0, INSIDE);
  if (dir < 0) {
    if (path[0] == '\0')
      w->error = dir;
    else
      failed(w, path, dir);
    return;
  }
  w->noexec = UNKNOWN;
  size_t length = strlen(path);
  memcpy(w->path, path, length);
  if (length > 0 && length < sizeof w->path - 1) w->path[length++] = '/';

  for (;;) {
    long got = syscall(SYS_getdents64, dir, w->entries, ENTRIES_SIZE);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) failed(w, path[0] == '\0' ? "." : path, -errno);
    if (got <= 0) break;
    for (long at = 0; at < got && w->error == 0;) {
      const struct entry *entry = (const struct entry *)(const void *)(w->entries + at);
      visit(w, dir, length, entry);
      at += entry->length;
    }
    if (w->error != 0) break;
  }
  (void)close(dir);
  count(&progress.walked);
}

static void *walk_thread(void *arg) {
  struct walk *w = arg;
  while (w->error == 0 && w->pending_count > 0) {
    char *path = w->pending[--w->pending_count];
    walk_directory(w, path);
    free(path);
  }
  return NULL;
}

/* On a thread that has left the process's fs_struct, where checks hurt nobody. */
static void *walk_apart(void *arg) {
  struct walk *w = arg;
  w->own_fs = unshare(CLONE_FS) == 0;
  return walk_thread(w);
}

static int start_thread(struct walk *w, pthread_t *thread) {
  pthread_attr_t attr;
  int error = pthread_attr_init(&attr);
  if (error != 0) return -error;
  error = pthread_attr_setstacksize(&attr, STACK_SIZE);
  sigset_t all, before;
  (void)sigfillset(&all);
  if (error == 0) error = pthread_sigmask(SIG_SETMASK, &all, &before);
  if (error == 0) {
    error = pthread_create(thread, &attr, walk_apart, w);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  }
  (void)pthread_attr_destroy(&attr);
  return -error;
}

static int walk(int root, int what, uint8_t **records, size_t *length) {
  struct walk *w = calloc(1, sizeof *w);
  if (w == NULL) return -ENOMEM;
  w->root = root;
  w->what = what;
  w->entries = malloc(ENTRIES_SIZE);
  w->error = w->entries == NULL ? -ENOMEM : mayexec_checker_open(&w->checker);
  if (w->error == 0) {
    push(w, "");
    pthread_t thread = {0};
    int error = start_thread(w, &thread);
    if (error == 0) error = -pthread_join(thread, NULL);
    if (w->error == 0) w->error = error;
    mayexec_checker_close(w->checker);
  }
  int result = w->error;
  while (w->pending_count > 0) free(w->pending[--w->pending_count]);
  free(w->pending);
  free(w->entries);
  if (result == 0) {
    *records = w->records;
    *length = w->length;
  } else {
    free(w->records);
  }
  free(w);
  return result;
}

int mayexec_tree_walk(int root, int what, uint8_t **records, size_t *length) {
  if (atomic_flag_test_and_set(&busy)) return -EBUSY;
  progress.directories = progress.walked = progress.files = progress.code = 0;
  int result = walk(root, what, records, length);
  atomic_flag_clear(&busy);
  return result;
}

struct mayexec_tree_progress mayexec_tree_get_progress(void) {
  return (struct mayexec_tree_progress){
      .directories = progress.directories,
      .walked = progress.walked,
      .files = progress.files,
      .code = progress.code,
  };
}
