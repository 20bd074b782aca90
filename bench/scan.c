/*
 * What `mayexec scan` is measured against, and judged by: walks a tree with
 * readdir(3), makes the exec check on each file of code, and prints the path of
 * each that the kernel refuses, or with -q only how many there are. Shares no
 * line with native/. Code by name and by "#!" line only; what a package.json
 * names beyond that is left out.
 *
 *   cc -O2 -o scan bench/scan.c && ./scan [-q] DIR
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static regex_t by_line;
static int quiet;
static unsigned long files, code, refused;

static int is_script(int fd) {
  char line[256];
  ssize_t n = pread(fd, line, sizeof line - 1, 0);
  if (n <= 0) return 0;
  line[n] = '\0';
  line[strcspn(line, "\n")] = '\0';
  return regexec(&by_line, line, 0, NULL, 0) == 0;
}

/* Compared and not matched: a pattern took a fifth of the whole time. */
static int ends_with(const char *name, size_t length, const char *const *endings) {
  for (; *endings != NULL; endings++) {
    size_t end = strlen(*endings);
    if (length > end && memcmp(name + length - end, *endings, end) == 0) return 1;
  }
  return 0;
}

static const char *const code_endings[] = {".js", ".cjs", ".mjs", ".node", ".wasm",
                                           ".ts", ".cts", ".mts", NULL};
static const char *const declarations[] = {".d.ts", ".d.cts", ".d.mts", NULL};

static void look(int dir, const char *name, const char *path) {
  size_t length = strlen(name);
  if (ends_with(name, length, declarations)) return;
  int named = ends_with(name, length, code_endings);
  if (!named && strrchr(name + 1, '.') != NULL) return;
  int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) err(2, "%s", path);
  if (named || is_script(fd)) {
    char *argv[] = {(char *)name, NULL};
    char *envp[] = {NULL};
    code++;
    if (syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH | 0x10000) != 0) {
      if (errno != EACCES && errno != EPERM) err(2, "%s", path);
      refused++;
      if (!quiet) puts(path);
    }
  }
  close(fd);
}

static void walk(int parent, const char *name, const char *path) {
  int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) err(2, "%s", path);
  DIR *dir = fdopendir(fd);
  if (dir == NULL) err(2, "%s", path);
  struct dirent *entry;
  while ((entry = readdir(dir)) != NULL) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char *below = NULL;
    const char *slash = path[0] != '\0' ? "/" : "";
    if (asprintf(&below, "%s%s%s", path, slash, entry->d_name) < 0) err(2, NULL);
    if (entry->d_type == DT_DIR) walk(fd, entry->d_name, below);
    if (entry->d_type == DT_REG) {
      files++;
      look(fd, entry->d_name, below);
    }
    free(below);
  }
  closedir(dir);
}

int main(int argc, char **argv) {
  quiet = argc == 3 && strcmp(argv[1], "-q") == 0;
  if (argc != 2 + quiet) errx(2, "usage: %s [-q] DIR", argv[0]);
  if (regcomp(&by_line, "^#!(.*[/ \t])?node(js)?([ \t\r]|$)", REG_EXTENDED | REG_NOSUB) != 0)
    errx(2, "regcomp");
  int root = open(argv[1 + quiet], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) err(2, "%s", argv[1 + quiet]);
  walk(root, ".", "");
  fprintf(stderr, "%lu files, %lu of code, %lu refused\n", files, code, refused);
  return refused != 0;
}
