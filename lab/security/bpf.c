/*
 * bpf: runs a program where a BPF program decides about executions and checks.
 *
 * usage: bpf COMMAND [ARGUMENT...]
 *
 * Where the file belongs to the user FIRST_UID + E, the BPF program answers
 * with the errno E. It hears about every other file too, and lets it pass.
 *
 * Build: cc -std=c11 -Wall -Wextra -Werror -O2 -static -o bpf bpf.c
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FIRST_UID = 77000, LAST_ERRNO = 4095 };

static _Noreturn void die(const char *what) {
  fprintf(stderr, "bpf: %s: %s\n", what, strerror(errno));
  exit(EXIT_FAILURE);
}

static _Noreturn void lacks(const char *what) {
  fprintf(stderr, "bpf: the kernel's BTF has no %s\n", what);
  exit(EXIT_FAILURE);
}

/* The kernel's description of its own types. */
static struct {
  unsigned char *data;
  const struct btf_header *header;
} btf;

static void read_btf(void) {
  const int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC);
  struct stat status;
  size_t size, have = 0;

  if (fd < 0 || fstat(fd, &status) != 0) die("/sys/kernel/btf/vmlinux");
  size = (size_t)status.st_size;
  btf.data = malloc(size);
  if (!btf.data) die("malloc");
  while (have < size) {
    const ssize_t count = read(fd, btf.data + have, size - have);

    if (count <= 0) die("/sys/kernel/btf/vmlinux");
    have += (size_t)count;
  }
  close(fd);
  btf.header = (const void *)btf.data;
  if (btf.header->magic != BTF_MAGIC) lacks("header that this program knows");
}

static const char *name_of(uint32_t offset) {
  return (const char *)btf.data + btf.header->hdr_len + btf.header->str_off + offset;
}

/* The bytes that follow a type's own struct. */
static size_t tail_of(const struct btf_type *type) {
  const size_t count = BTF_INFO_VLEN(type->info);

  switch (BTF_INFO_KIND(type->info)) {
    case BTF_KIND_INT:
    case BTF_KIND_VAR:
    case BTF_KIND_DECL_TAG:
      return sizeof(uint32_t);
    case BTF_KIND_ARRAY:
      return sizeof(struct btf_array);
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
      return count * sizeof(struct btf_member);
    case BTF_KIND_ENUM:
      return count * sizeof(struct btf_enum);
    case BTF_KIND_ENUM64:
      return count * sizeof(struct btf_enum64);
    case BTF_KIND_FUNC_PROTO:
      return count * sizeof(struct btf_param);
    case BTF_KIND_DATASEC:
      return count * sizeof(struct btf_var_secinfo);
    default:
      return 0;
  }
}

/* Finds a type by kind and name; its number goes to `id`. */
static const struct btf_type *find_type(uint32_t kind, const char *name, uint32_t *id) {
  const unsigned char *place = btf.data + btf.header->hdr_len + btf.header->type_off;
  const unsigned char *const end = place + btf.header->type_len;

  for (*id = 1; place < end; (*id)++) {
    const struct btf_type *type = (const void *)place;

    if (BTF_INFO_KIND(type->info) == kind && strcmp(name_of(type->name_off), name) == 0)
      return type;
    place += sizeof(*type) + tail_of(type);
  }
  lacks(name);
}

/* Where a member is in its struct, in bytes. */
static int16_t offset_of(const char *structure, const char *member) {
  uint32_t id;
  const struct btf_type *type = find_type(BTF_KIND_STRUCT, structure, &id);
  const struct btf_member *members = (const void *)(type + 1);
  const bool has_bit_fields = BTF_INFO_KFLAG(type->info);

  for (uint32_t i = 0; i < BTF_INFO_VLEN(type->info); i++) {
    const uint32_t bits =
        has_bit_fields ? BTF_MEMBER_BIT_OFFSET(members[i].offset) : members[i].offset;

    if (strcmp(name_of(members[i].name_off), member) == 0) return (int16_t)(bits / 8);
  }
  lacks(member);
}

static int bpf(enum bpf_cmd command, union bpf_attr *attributes) {
  return (int)syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

#define INSN(operation, to, from, place, number) \
  { .code = (operation), .dst_reg = (to), .src_reg = (from), .off = (place), .imm = (number) }
#define LOAD(size, to, from, place) INSN(BPF_LDX | BPF_MEM | (size), to, from, place, 0)

static int load_program(void) {
  static char log[65536];
  uint32_t hook;
  const struct bpf_insn program[] = {
      /* uid = bprm->file->f_inode->i_uid */
      LOAD(BPF_DW, BPF_REG_6, BPF_REG_1, 0),
      LOAD(BPF_DW, BPF_REG_6, BPF_REG_6, offset_of("linux_binprm", "file")),
      LOAD(BPF_DW, BPF_REG_6, BPF_REG_6, offset_of("file", "f_inode")),
      LOAD(BPF_W, BPF_REG_7, BPF_REG_6, offset_of("inode", "i_uid")),
      /* error = uid - FIRST_UID; return error > LAST_ERRNO ? 0 : -error, without a sign */
      INSN(BPF_ALU | BPF_SUB | BPF_K, BPF_REG_7, 0, 0, FIRST_UID),
      INSN(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0),
      INSN(BPF_JMP | BPF_JGT | BPF_K, BPF_REG_7, 0, 1, LAST_ERRNO),
      INSN(BPF_ALU64 | BPF_SUB | BPF_X, BPF_REG_0, BPF_REG_7, 0, 0),
      INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
  };
  union bpf_attr attributes = {
      .prog_type = BPF_PROG_TYPE_LSM,
      .expected_attach_type = BPF_LSM_MAC,
      .insns = (uint64_t)(uintptr_t)program,
      .insn_cnt = sizeof(program) / sizeof(program[0]),
      .license = (uint64_t)(uintptr_t) "GPL",
      .prog_name = "refuse_by_owner",
      .log_level = 1,
      .log_buf = (uint64_t)(uintptr_t)log,
      .log_size = sizeof(log),
  };
  int fd;

  find_type(BTF_KIND_FUNC, "bpf_lsm_bprm_creds_for_exec", &hook);
  attributes.attach_btf_id = hook;
  fd = bpf(BPF_PROG_LOAD, &attributes);
  if (fd < 0) {
    fputs(log, stderr);
    die("load");
  }
  return fd;
}

int main(int argc, char **argv) {
  union bpf_attr attributes = {0};
  int link;

  if (argc < 2) {
    fputs("usage: bpf COMMAND [ARGUMENT...]\n", stderr);
    return EXIT_FAILURE;
  }
  read_btf();
  attributes.raw_tracepoint.prog_fd = (uint32_t)load_program();
  link = bpf(BPF_RAW_TRACEPOINT_OPEN, &attributes);
  if (link < 0) die("attach");
  /* The BPF program stays as long as a process has this descriptor. */
  if (fcntl(link, F_SETFD, 0) != 0) die("fcntl");
  execvp(argv[1], argv + 1);
  die(argv[1]);
}
