/* Folders, names and links: mkdir, rename, symlink, getdents, chdir and what each refuses. */
#include "show.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

static int by_name(const void* a, const void* b) {
  return strcmp(*(char* const*)a, *(char* const*)b);
}

/* The order of entries is the file system's own. */
static void list(const char* path) {
  char* names[400];
  int count = 0;
  DIR* folder = opendir(path);
  if (folder == NULL) {
    printf("%s: %s\n", path, errno_name(errno));
    return;
  }
  for (struct dirent* entry; (entry = readdir(folder)) != NULL && count < 400;) {
    char* name = malloc(strlen(entry->d_name) + 5);
    sprintf(name, "%s %d", entry->d_name, entry->d_type);
    names[count++] = name;
  }
  closedir(folder);
  qsort(names, (size_t)count, sizeof *names, by_name);
  printf("%s:", path);
  for (int i = 0; i < count; i++)
    printf(" %s", names[i]);
  puts("");
}

static void make(const char* path, const char* text) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (write(fd, text, strlen(text)) < 0) puts("cannot write");
  close(fd);
}

static void folders(void) {
  SHOW(mkdir("/tmp/d", 0755));
  SHOW(mkdir("/tmp/d", 0755));
  SHOW(mkdir("/tmp/d/e/f", 0755));
  SHOW(mkdir("/tmp/d/e/", 0755));
  SHOW(rmdir("/tmp/d"));
  make("/tmp/d/file", "text");
  SHOW(mkdir("/tmp/d/file/g", 0755));
  SHOW(rmdir("/tmp/d/file"));
  SHOW(unlink("/tmp/d/e"));
  SHOW(rmdir("/tmp/d/e/."));
  SHOW(rmdir("/tmp/d/e/.."));
  list("/tmp/d");
  list("/data");
  list("/tmp/d/file");
  struct stat status;
  SHOW(stat("/tmp/d", &status));
  printf("mode %o links %ld\n", status.st_mode, (long)status.st_nlink);
  SHOW(mkdirat(AT_FDCWD, "/tmp/many", 0700));
  for (int i = 0; i < 300; i++) {
    char name[40];
    sprintf(name, "/tmp/many/file-number-%d", i);
    make(name, "");
  }
  list("/tmp/many");
  SHOW(syscall(SYS_getdents64, open("/tmp/d/file", O_RDONLY), &status, sizeof status));
  char small[8];
  SHOW(syscall(SYS_getdents64, open("/tmp/d", O_RDONLY), small, sizeof small));
}

static void renames(void) {
  make("/tmp/one", "1");
  make("/tmp/two", "22");
  struct stat status;
  SHOW(rename("/tmp/one", "/tmp/two"));
  SHOW(access("/tmp/one", F_OK));
  SHOW(stat("/tmp/two", &status));
  printf("size %ld\n", (long)status.st_size);
  SHOW(rename("/tmp/two", "/tmp/d"));
  SHOW(rename("/tmp/d", "/tmp/two"));
  SHOW(rename("/tmp/d", "/tmp/d/e/inside"));
  SHOW(rename("/tmp/nothing", "/tmp/x"));
  SHOW(rename("/tmp/two", "/tmp/nowhere/x"));
  SHOW(rename("/tmp/two", "/tmp/two"));
  SHOW(mkdir("/tmp/empty", 0755));
  SHOW(rename("/tmp/empty", "/tmp/d")); /* not empty */
  SHOW(rename("/tmp/d/e", "/tmp/empty"));
  SHOW(rename("/data", "/tmp/data"));
  list("/tmp/data");
  SHOW(syscall(SYS_renameat2, AT_FDCWD, "/tmp/two", AT_FDCWD, "/tmp/d", 1)); /* RENAME_NOREPLACE */
  SHOW(link("/tmp/two", "/tmp/linked"));
  SHOW(stat("/tmp/linked", &status));
  printf("links %ld\n", (long)status.st_nlink);
  SHOW(unlink("/tmp/two"));
  SHOW(access("/tmp/linked", F_OK));
}

static void links(void) {
  char text[64] = "";
  SHOW(symlink("linked", "/tmp/soft"));
  SHOW(symlink("x", "/tmp/soft"));
  SHOW(symlink("", "/tmp/nothing"));
  SHOW(readlink("/tmp/soft", text, sizeof text));
  puts(text);
  SHOW(readlink("/tmp/soft", text, 3));
  SHOW(readlink("/tmp/linked", text, sizeof text));
  SHOW(readlink("/tmp/soft", text, 0));
  struct stat status;
  SHOW(stat("/tmp/soft", &status));
  printf("mode %o size %ld\n", status.st_mode, (long)status.st_size);
  SHOW(lstat("/tmp/soft", &status));
  printf("mode %o size %ld\n", status.st_mode, (long)status.st_size);
  SHOW(open("/tmp/soft", O_RDONLY | O_NOFOLLOW));
  SHOW(symlink("/tmp/loop2", "/tmp/loop1"));
  SHOW(symlink("/tmp/loop1", "/tmp/loop2"));
  SHOW(open("/tmp/loop1", O_RDONLY));
  SHOW(stat("/tmp/loop1/x", &status));
  SHOW(lstat("/tmp/loop1", &status));
  SHOW(symlink("../tmp/./d", "/tmp/around"));
  SHOW(access("/tmp/around/file", R_OK));
  SHOW(symlink("/tmp/later", "/tmp/dangling"));
  SHOW(open("/tmp/dangling", O_WRONLY | O_CREAT | O_EXCL, 0600));
  OK(open("/tmp/dangling", O_WRONLY | O_CREAT, 0600));
  SHOW(access("/tmp/later", F_OK));
  SHOW(unlink("/tmp/soft"));
  SHOW(access("/tmp/linked", F_OK));
}

static void places(void) {
  char text[PATH_MAX];
  puts(getcwd(text, sizeof text));
  SHOW(chdir("/tmp/d"));
  SHOW(access("file", R_OK | W_OK));
  SHOW(access("../d/./file", F_OK));
  SHOW(chdir(".."));
  puts(getcwd(text, sizeof text));
  SHOW(chdir("../../../.."));
  puts(getcwd(text, sizeof text));
  SHOW(chdir("/tmp/linked"));
  SHOW(chdir("/nowhere"));
  int fd = open("/tmp/d", O_RDONLY | O_DIRECTORY);
  SHOW(fchdir(fd));
  puts(getcwd(text, sizeof text));
  SHOW(fchdir(open("/tmp/linked", O_RDONLY)));
  SHOW(syscall(SYS_getcwd, text, 3));
  SHOW(faccessat(fd, "file", F_OK, 0));
  OK(openat(fd, "file", O_RDONLY));
  SHOW(openat(open("/tmp/linked", O_RDONLY), "file", O_RDONLY));
  SHOW(unlinkat(fd, "file", 0));
  SHOW(unlinkat(AT_FDCWD, "/tmp/d", AT_REMOVEDIR));
  SHOW(syscall(SYS_getcwd, text, sizeof text)); /* removed under us */
  SHOW(open("x", O_WRONLY | O_CREAT, 0600));
  SHOW(rename("/tmp/linked", "x"));
  SHOW(access("/tmp/linked", F_OK));
}

int main(void) {
  folders();
  renames();
  links();
  places();
}
