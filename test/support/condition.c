/* Runs a program under conditions: condition CONDITION... -- PROGRAM ARGUMENT...
 *
 *   deny=CALL:ERRNO        the system call CALL (ptrace, clone3 ...) gives ERRNO (EPERM, ENOSYS ...)
 *   docker                 what Docker's default seccomp profile denies of what matters here, and the
 * capabilities that its containers do not have no-user-namespaces     in a user namespace that may have none
 * below it limit=RESOURCE:VALUE   the soft limit of setrlimit(2): nofile, nproc, as, memlock, cpu, fsize,
 * sigpending tmpfs=PATH:SIZE        a file system of that size over PATH; SIZE,noexec: where no program runs;
 * SIZE,private: only this user writes there read-only              every file system but /dev and /proc
 *   hide=PATH              an empty folder over PATH
 *   hidepid                /proc that shows a process only its own user's
 *   user=UID               that user and group, without capabilities
 *
 * They hold in this order: those of mounts need root, or CAP_SYS_ADMIN. Ends with 125 when one cannot be had.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FAILED 125
#define MOST_INSTRUCTIONS 256

struct number {
  const char* name;
  int value;
};

static const struct number calls[] = {
    {"ptrace", SYS_ptrace},
    {"pidfd_send_signal", SYS_pidfd_send_signal},
    {"pidfd_open", SYS_pidfd_open},
    {"memfd_create", SYS_memfd_create},
    {"userfaultfd", SYS_userfaultfd},
    {"close_range", SYS_close_range},
    {"execveat", SYS_execveat},
    {"sched_setaffinity", SYS_sched_setaffinity},
    {"clone3", SYS_clone3},
    {"kill", SYS_kill},
    {"tgkill", SYS_tgkill},
    {"timer_create", SYS_timer_create},
    {"prctl", SYS_prctl},
    {"seccomp", SYS_seccomp},
    {"socketpair", SYS_socketpair},
    {"setsid", SYS_setsid},
    {"unshare", SYS_unshare},
    {"madvise", SYS_madvise},
    {"prlimit64", SYS_prlimit64},
    {"io_uring_setup", SYS_io_uring_setup},
    {"waitid", SYS_waitid},
    {NULL, 0},
};

static const struct number errors[] = {{"EPERM", EPERM},   {"ENOSYS", ENOSYS}, {"EACCES", EACCES},
                                       {"EINVAL", EINVAL}, {"ENOMEM", ENOMEM}, {NULL, 0}};

static const struct number resources[] = {{"nofile", RLIMIT_NOFILE},
                                          {"nproc", RLIMIT_NPROC},
                                          {"as", RLIMIT_AS},
                                          {"memlock", RLIMIT_MEMLOCK},
                                          {"cpu", RLIMIT_CPU},
                                          {"fsize", RLIMIT_FSIZE},
                                          {"sigpending", RLIMIT_SIGPENDING},
                                          {NULL, 0}};

/* Of those of docker/docker's profiles/seccomp/default.json that it allows with CAP_SYS_ADMIN or not at all.
 */
static const int docker_denies[] = {
    SYS_unshare,
    SYS_setns,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_userfaultfd,
    SYS_perf_event_open,
    SYS_bpf,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    SYS_move_pages,
    SYS_mbind,
    SYS_set_mempolicy,
    SYS_open_by_handle_at,
    SYS_fanotify_init,
    SYS_kexec_load,
    SYS_init_module,
    SYS_finit_module,
    SYS_quotactl,
    SYS_syslog,
    SYS_acct,
    SYS_swapon,
    SYS_reboot,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_personality,
};
#define NAMESPACE_FLAGS 0x7E020000u
/* CAP_CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, NET_RAW,
 * SYS_CHROOT, MKNOD, AUDIT_WRITE, SETFCAP */
#define DOCKER_CAPABILITIES 0xa80425fbu

static struct sock_filter filter[MOST_INSTRUCTIONS];
static unsigned short filter_length;

static void fail(const char* what) {
  fprintf(stderr, "condition: %s: %s\n", what, strerror(errno));
  exit(FAILED);
}

static int look_up(const struct number* list, const char* name) {
  for (; list->name != NULL; list++)
    if (strcmp(list->name, name) == 0) return list->value;
  fprintf(stderr, "condition: unknown name %s\n", name);
  exit(FAILED);
}

/* Cuts `text` at its first colon; gives what is behind it. */
static char* cut(char* text) {
  char* colon = strchr(text, ':');
  if (colon == NULL) {
    fprintf(stderr, "condition: no colon in %s\n", text);
    exit(FAILED);
  }
  *colon = '\0';
  return colon + 1;
}

static void add(unsigned short code, unsigned k, unsigned char yes, unsigned char no) {
  if (filter_length == MOST_INSTRUCTIONS) fail("the filter is too long");
  filter[filter_length++] = (struct sock_filter)BPF_JUMP(code, k, yes, no);
}

static void begin_filter(void) {
  add(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
  add(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
  add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
  add(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
}

static void deny(int call, int error) {
  add(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 1);
  add(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error, 0, 0);
}

static void drop_capabilities(unsigned kept) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) != 0) fail("capget");
  for (int capability = 0; capability < 64; capability++)
    if (capability >= 32 || (kept >> capability & 1) == 0)
      if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EINVAL && errno != EPERM)
        fail("prctl");
  for (int i = 0; i < 2; i++) {
    const unsigned mask = i == 0 ? kept : 0;
    data[i].effective &= mask;
    data[i].permitted &= mask;
    data[i].inheritable = 0;
  }
  if (syscall(SYS_capset, &header, data) != 0) fail("capset");
}

static void docker(void) {
  for (size_t i = 0; i < sizeof docker_denies / sizeof *docker_denies; i++)
    deny(docker_denies[i], EPERM);
  deny(SYS_clone3, ENOSYS); /* its flags lie in memory, where a filter cannot look */
  add(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
  add(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]), 0, 0);
  add(BPF_JMP | BPF_JSET | BPF_K, NAMESPACE_FLAGS, 0, 1);
  add(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM, 0, 0);
  add(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
  drop_capabilities(DOCKER_CAPABILITIES);
}

static void install_filter(void) {
  add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
  const struct sock_fprog program = {.len = filter_length, .filter = filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("prctl(PR_SET_NO_NEW_PRIVS)");
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) fail("seccomp");
}

static void write_file(const char* path, const char* text) {
  const int file = open(path, O_WRONLY);
  if (file < 0 || write(file, text, strlen(text)) < 0) fail(path);
  close(file);
}

static void no_user_namespaces(void) {
  char users[64];
  char groups[64];
  snprintf(users, sizeof users, "0 %u 1", geteuid());
  snprintf(groups, sizeof groups, "0 %u 1", getegid());
  if (unshare(CLONE_NEWUSER) != 0) fail("unshare(CLONE_NEWUSER)");
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/uid_map", users);
  write_file("/proc/self/gid_map", groups);
  write_file("/proc/sys/user/max_user_namespaces", "0");
}

static void own_mounts(void) {
  static int done;
  if (done++) return;
  if (unshare(CLONE_NEWNS) != 0) fail("unshare(CLONE_NEWNS)");
  if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail("mount(MS_PRIVATE)");
}

static void mount_tmpfs(const char* path, const char* options) {
  own_mounts();
  const unsigned long flags = strstr(options, "noexec") != NULL ? MS_NOEXEC : 0;
  const char* mode = strstr(options, "private") != NULL ? "700" : "1777";
  char data[128];
  snprintf(data, sizeof data, "mode=%s,size=%.*s", mode, (int)strcspn(options, ","), options);
  if (mount("tmpfs", path, "tmpfs", flags, data) != 0) fail(path);
}

static void read_only(void) {
  own_mounts();
  if (mount("/", "/", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) != 0) fail("remounting / read-only");
}

static void limit(char* text) {
  const int resource = look_up(resources, text);
  struct rlimit both;
  if (getrlimit((__rlimit_resource_t)resource, &both) != 0) fail("getrlimit");
  both.rlim_cur = strtoull(text + strlen(text) + 1, NULL, 10);
  if (setrlimit((__rlimit_resource_t)resource, &both) != 0) fail("setrlimit");
}

static void become(unsigned user) {
  if (setgroups(0, NULL) != 0 || setresgid(user, user, user) != 0 || setresuid(user, user, user) != 0)
    fail("becoming another user");
}

static void apply(char* condition) {
  char* value = strchr(condition, '=');
  if (value != NULL) *value++ = '\0';
  if (strcmp(condition, "deny") == 0) {
    char* error = cut(value);
    deny(look_up(calls, value), look_up(errors, error));
  } else if (strcmp(condition, "docker") == 0) {
    docker();
  } else if (strcmp(condition, "no-user-namespaces") == 0) {
    no_user_namespaces();
  } else if (strcmp(condition, "limit") == 0) {
    cut(value);
    limit(value);
  } else if (strcmp(condition, "tmpfs") == 0) {
    char* options = cut(value);
    mount_tmpfs(value, options);
  } else if (strcmp(condition, "hide") == 0) {
    mount_tmpfs(value, "4k");
  } else if (strcmp(condition, "hidepid") == 0) {
    own_mounts();
    if (mount("proc", "/proc", "proc", 0, "hidepid=2") != 0) fail("mounting /proc");
  } else if (strcmp(condition, "read-only") == 0) {
    read_only();
  } else if (strcmp(condition, "user") == 0) {
    become((unsigned)strtoul(value, NULL, 10));
  } else {
    fprintf(stderr, "condition: unknown condition %s\n", condition);
    exit(FAILED);
  }
}

int main(int count, char** arguments) {
  int i = 1;
  begin_filter();
  const unsigned short empty = filter_length;
  for (; i < count && strcmp(arguments[i], "--") != 0; i++)
    apply(arguments[i]);
  if (i + 1 >= count) {
    fprintf(stderr, "condition: no program\n");
    return FAILED;
  }
  if (filter_length > empty) install_filter();
  execvp(arguments[i + 1], arguments + i + 1);
  fail(arguments[i + 1]);
}
