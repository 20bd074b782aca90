#define _GNU_SOURCE
#include "tree_walker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "exec_check.h"
#include "file_facts.h"
#include "file_status.h"
#include "node_code.h"
#include "openat2.h"
#include "package_json.h"
#include "read_file.h"
#include "tree.h"

enum {
  BENEATH = 0x08,
  NO_SYMLINKS = 0x04,
  NO_MAGICLINKS = 0x02,
  INSIDE = BENEATH | NO_SYMLINKS | NO_MAGICLINKS,

  /* Longer than any "#!" line that the kernel honours (BINPRM_BUF_SIZE). */
  FIRST_LINE = 256,
  UNKNOWN = -1,
  /* Larger than any package.json in earnest. */
  PACKAGE_LIMIT = 8 * 1024 * 1024,
};

/* As getdents64(2) writes it; libc has no declaration of it everywhere. */
struct entry {
  uint64_t ino;
  int64_t off;
  uint16_t length;
  uint8_t type;
  char name[];
};

static void stop_if(struct mayexec_tree_walker *w, int error) {
  if (error == 0) return;
  w->stopping = 1;
  mayexec_tree_queue_stop(&w->tree->queue, error);
}

static void record(struct mayexec_tree_walker *w, int kind, int reason, int result,
                   const char *name) {
  const size_t folder_length = w->package_length > 0 ? w->package_length : w->directory_length;
  stop_if(w, mayexec_tree_add_name(&w->records, kind, reason, result, w->path, w->directory_length,
                                   folder_length, name));
}

static void failed(struct mayexec_tree_walker *w, const char *name, int error) {
  /* What is gone is no part of the tree any more. */
  if (error == -ENOENT) return;
  record(w, MAYEXEC_TREE_ERROR, MAYEXEC_TREE_NO_REASON, error, name);
}

/* 1 when the open file starts as a script for node, 0 when not, or -errno. */
static int is_node_script(int fd) {
  char line[FIRST_LINE];
  ssize_t got;
  do {
    got = pread(fd, line, sizeof line, 0);
  } while (got < 0 && errno == EINTR);
  return got < 0 ? -errno : mayexec_names_node(line, (size_t)got);
}

static int check(struct mayexec_tree_walker *w, int fd, const char *name) {
  if (w->own_fs) {
    int result = mayexec_exec_check(fd, name);
    if (result != -ETXTBSY) return result;
  }
  /* The checker waits a while for a writer to be done. */
  return mayexec_checker_check(w->tree->checker, MAYEXEC_OWNER, fd, name);
}

/* Without x for anybody: then the directory's mount is the file's but for a bind mount of it. */
static int reason_without_x(struct mayexec_tree_walker *w) {
  if (w->noexec == UNKNOWN) w->noexec = mayexec_on_noexec_mount(w->dir);
  return w->noexec == 1 ? MAYEXEC_TREE_NOEXEC_MOUNT : MAYEXEC_TREE_MODE;
}

static int reason_of(struct mayexec_tree_walker *w, int fd, const struct stat *st) {
  if ((st->st_mode & 0111) == 0) return reason_without_x(w);
  if (mayexec_on_noexec_mount(fd) == 1) return MAYEXEC_TREE_NOEXEC_MOUNT;
  return mayexec_exec_access(fd) == -EACCES ? MAYEXEC_TREE_MODE : MAYEXEC_TREE_SECURITY_MODULE;
}

static void examine(struct mayexec_tree_walker *w, int fd, const char *name, int kind) {
  int result = check(w, fd, name);
  int reason = MAYEXEC_TREE_NO_REASON;
  if (result != 0) {
    struct stat st;
    if (mayexec_fstat(fd, &st) != 0) {
      result = -errno;
    } else {
      /* No longer a file: it was replaced after its name had been read. */
      if (!S_ISREG(st.st_mode)) return;
      if (result == -EACCES || result == -EPERM) reason = reason_of(w, fd, &st);
    }
  }
  w->code++;
  /* The caller has to know every script: a package.json may name it too. */
  if (result != 0 || kind == MAYEXEC_TREE_SCRIPT) record(w, kind, reason, result, name);
}

static void list(struct mayexec_tree_walker *w, const char *name, int kind) {
  w->code++;
  record(w, kind, MAYEXEC_TREE_NO_REASON, 0, name);
}

/* Elsewhere a package.json tells the package's name, too. */
static int has_more_to_say(const struct mayexec_tree_walker *w, const uint8_t *content,
                           size_t length) {
  return w->package_length == 0 || mayexec_may_name_code((const char *)content, length);
}

static void hand_over_package(struct mayexec_tree_walker *w, int fd, const struct stat *st,
                              const char *name) {
  uint8_t *content = NULL;
  int64_t length = st->st_size > PACKAGE_LIMIT ? -EFBIG : mayexec_read_file(fd, &content);
  if (length < 0)
    failed(w, name, (int)length);
  else if (has_more_to_say(w, content, (size_t)length))
    stop_if(w, mayexec_tree_add_content(&w->records, MAYEXEC_TREE_PACKAGE, w->path,
                                        w->directory_length, content, (size_t)length));
  free(content);
}

/*
 * The two answers that a tree mostly has, in one or two calls: allowed, and
 * refused to a file that nobody may execute. 0 when it was another.
 */
static int settled_by_name(struct mayexec_tree_walker *w, const char *name) {
  int result = mayexec_exec_check_at(w->dir, name);
  if (result == -EACCES) {
    struct stat st;
    if (mayexec_fstatat(w->dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0) return 0;
    if (!S_ISREG(st.st_mode) || (st.st_mode & 0111) != 0) return 0;
    record(w, MAYEXEC_TREE_CODE, reason_without_x(w), result, name);
  } else if (result != 0) {
    return 0;
  }
  w->code++;
  return 1;
}

/* Code by its name: O_PATH wakes no device or fifo up, and needs no right to read. */
static void visit_code(struct mayexec_tree_walker *w, const char *name) {
  if ((w->tree->what & MAYEXEC_TREE_LIST) != 0) {
    list(w, name, MAYEXEC_TREE_CODE);
    return;
  }
  if (w->own_fs && settled_by_name(w, name)) return;
  int fd = mayexec_openat2(w->dir, name, O_PATH | O_CLOEXEC, 0, INSIDE);
  if (fd < 0) {
    failed(w, name, fd);
    return;
  }
  examine(w, fd, name, MAYEXEC_TREE_CODE);
  (void)close(fd);
}

/* A file whose content has a say. */
static void visit_content(struct mayexec_tree_walker *w, const char *name, int package) {
  int fd = mayexec_openat2(w->dir, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0, INSIDE);
  if (fd < 0) {
    failed(w, name, fd);
    return;
  }
  struct stat st;
  if (mayexec_fstat(fd, &st) != 0) {
    failed(w, name, -errno);
  } else if (S_ISREG(st.st_mode) && package) {
    hand_over_package(w, fd, &st, name);
  } else if (S_ISREG(st.st_mode)) {
    int script = is_node_script(fd);
    if (script < 0)
      failed(w, name, script);
    else if (script && (w->tree->what & MAYEXEC_TREE_LIST) != 0)
      list(w, name, MAYEXEC_TREE_SCRIPT);
    else if (script)
      examine(w, fd, name, MAYEXEC_TREE_SCRIPT);
  }
  (void)close(fd);
}

static void visit_file(struct mayexec_tree_walker *w, const char *name, size_t length) {
  int package = strcmp(name, "package.json") == 0;
  w->files++;
  if (mayexec_is_code_name(name, length))
    visit_code(w, name);
  else if (package || !mayexec_has_extension(name))
    visit_content(w, name, package);
}

/* Links within the tree lead to what is visited anyway, or to nothing. */
static void visit_link(struct mayexec_tree_walker *w, const char *path, const char *name) {
  int fd = mayexec_openat2(w->tree->root, path, O_PATH | O_CLOEXEC, 0, BENEATH | NO_MAGICLINKS);
  if (fd >= 0)
    (void)close(fd);
  else if (fd == -EXDEV)
    record(w, MAYEXEC_TREE_LINK, MAYEXEC_TREE_NO_REASON, fd, name);
  else if (fd != -ELOOP && fd != -ENOTDIR)
    failed(w, name, fd);
}

static int type_of(int dir, const char *name) {
  struct stat st;
  if (mayexec_fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0) return DT_UNKNOWN;
  if (S_ISDIR(st.st_mode)) return DT_DIR;
  if (S_ISREG(st.st_mode)) return DT_REG;
  return S_ISLNK(st.st_mode) ? DT_LNK : DT_UNKNOWN;
}

/* What has to be found from the root again. */
static void visit_path(struct mayexec_tree_walker *w, const char *name, size_t length, int type) {
  size_t start = w->directory_length == 0 ? 0 : w->directory_length + 1;
  if (start + length >= sizeof w->path) {
    failed(w, name, -ENAMETOOLONG);
    return;
  }
  if (start > 0) w->path[start - 1] = '/';
  memcpy(w->path + start, name, length + 1);
  if (type == DT_DIR) {
    w->found++;
    mayexec_tree_queue_add(&w->tree->queue, w->path);
  } else {
    visit_link(w, w->path, name);
  }
}

static void visit(struct mayexec_tree_walker *w, const struct entry *entry) {
  const char *name = entry->name;
  if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return;
  size_t length = strlen(name);
  /* Some file systems leave the type out. */
  int type = entry->type == DT_UNKNOWN ? type_of(w->dir, name) : entry->type;
  if (type == DT_REG)
    visit_file(w, name, length);
  else if (type == DT_DIR || type == DT_LNK)
    visit_path(w, name, length, type);
}

static void visit_entries(struct mayexec_tree_walker *w) {
  while (!w->stopping) {
    long got = syscall(SYS_getdents64, w->dir, w->entries, sizeof w->entries);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) failed(w, "", -errno);
    if (got <= 0) return;
    for (long at = 0; at < got && !w->stopping;) {
      const struct entry *entry = (const struct entry *)(const void *)(w->entries + at);
      visit(w, entry);
      at += entry->length;
    }
  }
}

void mayexec_tree_walk_directory(struct mayexec_tree_walker *w, const char *path) {
  int is_root = path[0] == '\0';
  w->directory_length = strlen(path);
  memcpy(w->path, path, w->directory_length + 1);
  w->package_length = mayexec_package_folder(path);
  w->noexec = UNKNOWN;
  w->found = w->files = w->code = 0;

  uint64_t flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  w->dir = mayexec_openat2(w->tree->root, is_root ? "." : path, flags, 0, INSIDE);
  if (w->dir >= 0) {
    visit_entries(w);
    (void)close(w->dir);
  } else if (is_root) {
    stop_if(w, w->dir);
  } else {
    failed(w, "", w->dir);
  }
}
