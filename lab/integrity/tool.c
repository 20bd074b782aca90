/*
 * tool: what the integrity scripts need of the kernel, and no shell command does.
 *
 * The subcommands are in the table at the end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fsverity.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

#define IPE_POLICIES "/sys/kernel/security/ipe/policies/"

static _Noreturn void die(const char *what) {
  fprintf(stderr, "tool: %s: %s\n", what, strerror(errno));
  exit(EXIT_FAILURE);
}

struct bytes {
  unsigned char data[16384];
  size_t size;
};

static void read_bytes(const char *path, struct bytes *bytes) {
  FILE *file = fopen(path, "re");

  if (!file) die(path);
  bytes->size = fread(bytes->data, 1, sizeof(bytes->data), file);
  if (ferror(file) || fclose(file) != 0) die(path);
  if (bytes->size == sizeof(bytes->data)) {
    errno = EFBIG;
    die(path);
  }
}

static int open_read(const char *path) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);

  if (fd < 0) die(path);
  return fd;
}

static void close_fd(int fd) {
  if (close(fd) != 0) die("close");
}

/* Keyrings of the kernel have no fixed number: /proc/keys names them. */
static int32_t find_keyring(const char *name) {
  FILE *keys = fopen("/proc/keys", "re");
  char line[512], type[64], description[128];
  unsigned int id, found = 0;

  if (!keys) die("/proc/keys");
  while (fgets(line, sizeof(line), keys)) {
    if (sscanf(line, "%x %*s %*s %*s %*s %*s %*s %63s %127[^:]", &id, type, description) == 3 &&
        strcmp(type, "keyring") == 0 && strcmp(description, name) == 0)
      found = id;
  }
  if (ferror(keys) || fclose(keys) != 0) die("/proc/keys");
  if (!found) {
    errno = ENOKEY;
    die(name);
  }
  return (int32_t)found;
}

static void add_key(char **arguments) {
  struct bytes certificate;

  read_bytes(arguments[1], &certificate);
  if (syscall(SYS_add_key, "asymmetric", "lab", certificate.data, certificate.size,
              find_keyring(arguments[0])) < 0)
    die(arguments[0]);
}

static void set_ima(char **arguments) {
  struct bytes signature;

  read_bytes(arguments[1], &signature);
  if (setxattr(arguments[0], "security.ima", signature.data, signature.size, 0) != 0)
    die(arguments[0]);
}

static void enable_verity(const char *path, const struct bytes *signature) {
  struct fsverity_enable_arg request = {
      .version = 1, .hash_algorithm = FS_VERITY_HASH_ALG_SHA256, .block_size = 4096};
  const int fd = open_read(path);

  if (signature) {
    request.sig_ptr = (uintptr_t)signature->data;
    request.sig_size = (uint32_t)signature->size;
  }
  if (ioctl(fd, FS_IOC_ENABLE_VERITY, &request) != 0) die(path);
  close_fd(fd);
}

static void protect(char **arguments) {
  struct bytes signature;

  read_bytes(arguments[1], &signature);
  enable_verity(arguments[0], &signature);
}

/* What a signature of the file signs. The kernel counts it, on a copy of the file. */
static void digest(char **arguments) {
  struct {
    struct fsverity_digest head;
    unsigned char bytes[64];
  } measured = {.head = {.digest_size = sizeof(measured.bytes)}};
  int fd;

  enable_verity(arguments[0], NULL);
  fd = open_read(arguments[0]);
  if (ioctl(fd, FS_IOC_MEASURE_VERITY, &measured) != 0) die(arguments[0]);
  close_fd(fd);
  const uint16_t algorithm = measured.head.digest_algorithm;
  const uint16_t size = measured.head.digest_size;
  if (fwrite("FSVerity", 8, 1, stdout) != 1 || fwrite(&algorithm, 2, 1, stdout) != 1 ||
      fwrite(&size, 2, 1, stdout) != 1 || fwrite(measured.bytes, size, 1, stdout) != 1 ||
      fflush(stdout) != 0)
    die("standard output");
}

static int ask(const char *path) {
  const int fd = open_read(path);
  char *const argv[] = {(char *)path, NULL}, *const envp[] = {NULL};
  const long result = syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH | AT_EXECVE_CHECK);
  const int error = result == 0 ? 0 : errno;

  close_fd(fd);
  return error;
}

static void print_answer(const char *path, int error) {
  printf("%s %s\n", error ? strerrorname_np(error) : "allowed", path);
}

static void check(char **arguments) { print_answer(arguments[0], ask(arguments[0])); }

static void activate(const char *policy) {
  char path[256];
  int fd;

  if (snprintf(path, sizeof(path), IPE_POLICIES "%s/active", policy) >= (int)sizeof(path)) {
    errno = ENAMETOOLONG;
    die(policy);
  }
  fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || write(fd, "1", 1) != 1) die(path);
  close_fd(fd);
}

/*
 * A policy that allows only protected files lets nobody on the machine start a
 * program: it is in force for the one question.
 */
static void check_under(char **arguments) {
  int error;

  activate(arguments[0]);
  error = ask(arguments[2]);
  activate(arguments[1]);
  print_answer(arguments[2], error);
}

static const struct {
  const char *name, *arguments;
  int count;
  void (*run)(char **arguments);
} commands[] = {
    {"add-key", "KEYRING CERTIFICATE", 2, add_key},
    {"set-ima", "FILE SIGNATURE", 2, set_ima},
    {"digest", "COPY", 1, digest},
    {"protect", "FILE SIGNATURE", 2, protect},
    {"check", "FILE", 1, check},
    {"check-under", "IPE-POLICY IPE-POLICY-AFTERWARDS FILE", 3, check_under},
};

int main(int argc, char **argv) {
  for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
    if (argc > 1 && argc - 2 == commands[i].count && strcmp(argv[1], commands[i].name) == 0) {
      commands[i].run(argv + 2);
      return EXIT_SUCCESS;
    }
  }
  fputs("usage:\n", stderr);
  for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
    fprintf(stderr, "  tool %s %s\n", commands[i].name, commands[i].arguments);
  return EXIT_FAILURE;
}
