/* What the programs here print: each expression, its value and, if it is -1, what errno then is. */
#ifndef SHOW_H
#define SHOW_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline const char* errno_name(int number) {
  static char other[32];
#define NAME(e)                                                                                              \
  case e:                                                                                                    \
    return #e
  switch (number) {
    NAME(EPERM);
    NAME(ENOENT);
    NAME(EINTR);
    NAME(ENXIO);
    NAME(EBADF);
    NAME(ECHILD);
    NAME(EAGAIN);
    NAME(ENOMEM);
    NAME(EACCES);
    NAME(EFAULT);
    NAME(EBUSY);
    NAME(EEXIST);
    NAME(EXDEV);
    NAME(ENODEV);
    NAME(ENOTDIR);
    NAME(EISDIR);
    NAME(EINVAL);
    NAME(EMFILE);
    NAME(ENOTTY);
    NAME(EFBIG);
    NAME(ENOSPC);
    NAME(ESPIPE);
    NAME(EROFS);
    NAME(EPIPE);
    NAME(EDOM);
    NAME(ERANGE);
    NAME(ENAMETOOLONG);
    NAME(ENOSYS);
    NAME(ENOTEMPTY);
    NAME(ELOOP);
    NAME(EOVERFLOW);
    NAME(ETIMEDOUT);
    NAME(EOPNOTSUPP);
  }
#undef NAME
  snprintf(other, sizeof other, "errno %d", number);
  return other;
}

static inline long show_(const char* text, long value, int error) {
  if (value == -1)
    printf("%s: -1 %s\n", text, errno_name(error));
  else
    printf("%s: %ld\n", text, value);
  return value;
}

/* The value of an expression; for addresses and descriptors whose number says nothing see OK. */
#define SHOW(expression)                                                                                     \
  __extension__({                                                                                            \
    errno = 0;                                                                                               \
    long value_ = (long)(expression);                                                                        \
    show_(#expression, value_, errno);                                                                       \
  })

/* Whether it went well, not what it gave. */
#define OK(expression)                                                                                       \
  __extension__({                                                                                            \
    errno = 0;                                                                                               \
    __typeof__(expression) value_ = (expression);                                                            \
    int error_ = errno;                                                                                      \
    printf("%s: %s\n", #expression, (long)value_ == -1 ? errno_name(error_) : "ok");                         \
    value_;                                                                                                  \
  })

#define TRUE(expression) printf("%s: %s\n", #expression, (expression) ? "yes" : "no")

#endif
