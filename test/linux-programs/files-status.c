/* What stat says of files, pipes and devices; descriptors, fcntl, umask and access. */
#include "show.h"
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <termios.h>

static void describe(const char* name, int result, const struct stat* status) {
  if (result != 0) {
    printf("%s: %s\n", name, errno_name(errno));
    return;
  }
  int sized = S_ISREG(status->st_mode) || S_ISLNK(status->st_mode);
  printf("%s: type %o size %ld\n", name, status->st_mode & S_IFMT, sized ? (long)status->st_size : 0);
  if (S_ISREG(status->st_mode)) printf("  mode %o links %ld\n", status->st_mode, (long)status->st_nlink);
  if (S_ISCHR(status->st_mode)) printf("  device %lx\n", (unsigned long)status->st_rdev);
}

int main(void) {
  struct stat status, again;
  describe("standard input", fstat(0, &status), &status);
  describe("standard output", fstat(1, &status), &status);
  describe("/data/input", stat("/data/input", &status), &status);
  describe("/data", stat("/data", &status), &status);
  describe("/dev/null", stat("/dev/null", &status), &status);
  describe("/dev/zero", stat("/dev/zero", &status), &status);
  describe("/dev/urandom", stat("/dev/urandom", &status), &status);
  describe("nothing", stat("/nothing", &status), &status);
  describe("below a file", stat("/data/input/x", &status), &status);
  describe("empty path", stat("", &status), &status);
  int fd = open("/data/input", O_RDONLY);
  stat("/data/input", &again);
  describe("empty path at", fstatat(fd, "", &status, AT_EMPTY_PATH), &status);
  TRUE(status.st_ino == again.st_ino && status.st_dev == again.st_dev);
  stat("/data", &again);
  TRUE(status.st_ino != again.st_ino);
  TRUE(status.st_blksize > 0);
  TRUE(status.st_mtim.tv_sec == again.st_mtim.tv_sec || status.st_mtim.tv_sec >= 0);

  SHOW(umask(027));
  int made = SHOW(open("/tmp/masked", O_RDWR | O_CREAT, 0666));
  describe("masked", fstat(made, &status), &status);
  SHOW(mkdir("/tmp/folder", 0777));
  SHOW(stat("/tmp/folder", &status));
  printf("%o\n", status.st_mode);
  SHOW(umask(0));
  SHOW(fchmod(made, 0604));
  describe("changed", fstat(made, &status), &status);
  SHOW(chmod("/tmp/masked", 0600));
  describe("changed", stat("/tmp/masked", &status), &status);
  struct timespec times[2] = {{2000, 0}, {2000, 0}};
  SHOW(futimens(made, times));
  SHOW(fstat(made, &status));
  printf("%ld\n", (long)status.st_mtim.tv_sec);

  SHOW(dup(made));
  SHOW(dup2(made, 50));
  SHOW(dup2(made, made));
  SHOW(dup2(99, 51));
  SHOW(dup2(made, -1));
  SHOW(dup3(made, made, 0));
  SHOW(dup3(made, 60, O_CLOEXEC));
  SHOW(fcntl(60, F_GETFD));
  SHOW(fcntl(50, F_GETFD));
  SHOW(fcntl(50, F_SETFD, FD_CLOEXEC));
  SHOW(fcntl(50, F_GETFD));
  SHOW(fcntl(made, F_DUPFD, 70));
  SHOW(fcntl(made, F_DUPFD, 70));
  SHOW(fcntl(made, F_DUPFD_CLOEXEC, 71));
  SHOW(fcntl(72, F_GETFD));
  SHOW(fcntl(made, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK));
  SHOW(fcntl(made, F_SETFL, O_APPEND));
  SHOW(fcntl(50, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK)); /* shared by the copies */
  SHOW(fcntl(0, F_GETFL) & O_ACCMODE);
  SHOW(fcntl(1, F_GETFL) & O_ACCMODE);
  SHOW(fcntl(99, F_GETFD));
  SHOW(fcntl(made, 9999));
  SHOW(close(50));
  SHOW(close(50));
  SHOW(write(60, "x", 1));

  struct termios terminal;
  struct winsize window;
  int available = -1;
  SHOW(ioctl(0, TCGETS, &terminal));
  SHOW(ioctl(1, TIOCGWINSZ, &window));
  SHOW(ioctl(made, TCGETS, &terminal));
  SHOW(ioctl(99, TCGETS, &terminal));
  SHOW(ioctl(0, FIONREAD, &available));
  printf("%d\n", available);
  SHOW(isatty(0));
  SHOW(isatty(made));

  SHOW(access("/data/input", R_OK | W_OK));
  SHOW(access("/data/input", 077));
  SHOW(access("/data", X_OK));
  SHOW(access("/tmp/nothing", F_OK));
  SHOW(fsync(made));
  SHOW(fdatasync(made));
  SHOW(fsync(99));
  struct statfs system;
  SHOW(statfs("/tmp", &system));
  SHOW(statfs("/nothing", &system));
}
