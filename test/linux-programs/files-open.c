/* open and its flags, what descriptors share, and what is left of a file that lost its name. */
#include "show.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>

static void content(const char* path) {
  char text[200];
  int fd = open(path, O_RDONLY);
  ssize_t length = read(fd, text, sizeof text);
  printf("%s holds %zd: %.*s\n", path, length, (int)length, text);
  close(fd);
}

int main(void) {
  SHOW(open("/tmp/a", O_RDWR));
  int fd = SHOW(open("/tmp/a", O_RDWR | O_CREAT | O_EXCL, 0640));
  SHOW(open("/tmp/a", O_RDWR | O_CREAT | O_EXCL, 0640));
  SHOW(write(fd, "hello, world", 12));
  SHOW(lseek(fd, 0, SEEK_CUR));
  SHOW(lseek(fd, 2, SEEK_SET));
  SHOW(write(fd, "LL", 2));
  SHOW(lseek(fd, -3, SEEK_END));
  SHOW(write(fd, "RLD and more", 12));
  content("/tmp/a");
  SHOW(lseek(fd, 5, SEEK_END));
  SHOW(write(fd, "!", 1));
  struct stat status;
  SHOW(fstat(fd, &status));
  printf("size %ld\n", (long)status.st_size);
  char hole[6] = "xxxxx";
  SHOW(pread(fd, hole, 6, 21));
  TRUE(memcmp(hole, "\0\0\0\0\0!", 6) == 0);
  SHOW(lseek(fd, -1, SEEK_SET));
  SHOW(lseek(fd, -100, SEEK_CUR));
  SHOW(lseek(fd, 0, 77));
  SHOW(lseek(fd, 0, SEEK_CUR));

  SHOW(ftruncate(fd, 5));
  content("/tmp/a");
  SHOW(ftruncate(fd, 8));
  SHOW(fstat(fd, &status));
  printf("size %ld\n", (long)status.st_size);
  SHOW(ftruncate(fd, -1));
  SHOW(truncate("/tmp/a", 3));
  content("/tmp/a");

  int append = SHOW(open("/tmp/a", O_WRONLY | O_APPEND));
  SHOW(write(append, "def", 3));
  SHOW(lseek(append, 0, SEEK_SET));
  SHOW(write(append, "ghi", 3));
  SHOW(lseek(append, 0, SEEK_CUR));
  content("/tmp/a");
  SHOW(read(append, hole, 1));
  int reads = SHOW(open("/tmp/a", O_RDONLY));
  SHOW(write(reads, "x", 1));
  SHOW(ftruncate(reads, 0));
  SHOW(pwrite(append, "end", 3, 0)); /* Linux appends all the same */
  content("/tmp/a");

  int copy = SHOW(dup(reads));
  char two[3] = "";
  SHOW(read(reads, two, 2));
  SHOW(read(copy, two, 2));
  puts(two);
  int second = SHOW(open("/tmp/a", O_RDONLY));
  SHOW(read(second, two, 2));
  puts(two);
  SHOW(close(reads));
  SHOW(read(copy, two, 2));
  puts(two);

  SHOW(unlink("/tmp/a"));
  SHOW(access("/tmp/a", F_OK));
  SHOW(pread(copy, two, 2, 0));
  puts(two);
  SHOW(fstat(copy, &status));
  printf("links %ld\n", (long)status.st_nlink);
  SHOW(open("/tmp/a", O_RDONLY | O_CREAT, 0600));
  content("/tmp/a");

  int truncated = SHOW(open("/data/input", O_WRONLY | O_TRUNC)); /* writes go to memory */
  SHOW(write(truncated, "mine", 4));
  content("/data/input");

  struct iovec parts[3] = {{"one ", 4}, {"", 0}, {"two ", 4}};
  int vector = SHOW(open("/tmp/v", O_RDWR | O_CREAT | O_TRUNC, 0600));
  SHOW(writev(vector, parts, 3));
  SHOW(pwritev(vector, parts, 1, 8));
  content("/tmp/v");
  char left[4] = "", right[10] = "";
  struct iovec into[2] = {{left, 3}, {right, 9}};
  SHOW(lseek(vector, 0, SEEK_SET));
  SHOW(readv(vector, into, 2));
  printf("%s|%s\n", left, right);
  SHOW(readv(vector, into, 2));
  SHOW(preadv(vector, into, 2, 4));
  printf("%.3s|%.5s\n", left, right);
  SHOW(writev(vector, parts, 0));
  SHOW(writev(vector, parts, -1));
  SHOW(writev(vector, parts, 1025));
  SHOW(read(vector, left, 0));
  SHOW(write(vector, left, 0));

  SHOW(open("/dev/null", O_RDWR));
  SHOW(write(open("/dev/null", O_WRONLY), "gone", 4));
  SHOW(read(open("/dev/null", O_RDONLY), left, 3));
  SHOW(read(open("/dev/zero", O_RDONLY), left, 3));
  TRUE(left[0] == 0 && left[2] == 0);
  SHOW(write(open("/dev/zero", O_WRONLY), "gone", 4));
  char random[32] = {0}, zero[32] = {0};
  SHOW(read(open("/dev/urandom", O_RDONLY), random, 32));
  TRUE(memcmp(random, zero, 32) != 0);
  SHOW(creat("/tmp/c", 0600));
  SHOW(open("/tmp", O_WRONLY));
  SHOW(open("/tmp", O_RDONLY | O_CREAT, 0600));
  SHOW(open("/tmp/c/d", O_RDONLY));
  SHOW(open("/tmp/c", O_RDONLY | O_DIRECTORY));
  SHOW(open("/nowhere/x", O_WRONLY | O_CREAT, 0600));
  SHOW(open("", O_RDONLY));
}
