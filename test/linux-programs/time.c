/* Clocks, as far as what they say is the same everywhere. */
#include "show.h"
#include <sys/time.h>
#include <time.h>

static int64_t now(clockid_t clock) {
  struct timespec time = {-1, -1};
  if (clock_gettime(clock, &time) != 0) return -1;
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int ordered(clockid_t clock) {
  int64_t last = now(clock);
  for (int i = 0; i < 100; i++) {
    int64_t next = now(clock);
    if (next < last) return 0;
    last = next;
  }
  return 1;
}

int main(int argc, char** argv) {
  if (argc > 1 && strcmp(argv[1], "now") == 0) {
    struct timeval day;
    gettimeofday(&day, NULL);
    printf("%lld %lld %lld\n", (long long)now(CLOCK_REALTIME), (long long)day.tv_sec, (long long)time(NULL));
    return 0;
  }
  TRUE(ordered(CLOCK_REALTIME));
  TRUE(ordered(CLOCK_MONOTONIC));
  TRUE(ordered(CLOCK_PROCESS_CPUTIME_ID));
  TRUE(ordered(CLOCK_THREAD_CPUTIME_ID));
  TRUE(now(CLOCK_MONOTONIC) >= 0 && now(CLOCK_BOOTTIME) >= 0 && now(CLOCK_MONOTONIC_RAW) >= 0);
  TRUE(now(CLOCK_REALTIME_COARSE) > 0 && now(CLOCK_MONOTONIC_COARSE) >= 0);
  TRUE(now(CLOCK_REALTIME) > 1600000000LL * 1000000000LL);
  struct timespec resolution;
  SHOW(clock_getres(CLOCK_MONOTONIC, &resolution));
  printf("%ld.%09ld\n", (long)resolution.tv_sec, resolution.tv_nsec);
  int64_t before = now(CLOCK_MONOTONIC);
  struct timespec pause = {0, 20 * 1000000}, rest = {7, 7};
  SHOW(nanosleep(&pause, &rest));
  int64_t slept = now(CLOCK_MONOTONIC) - before;
  TRUE(slept >= 20 * 1000000 && slept < 5000LL * 1000000);
  SHOW(clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL));
  struct timespec wrong = {0, 2000000000}, negative = {-1, 0};
  SHOW(nanosleep(&wrong, NULL));
  SHOW(nanosleep(&negative, NULL));
  TRUE(time(NULL) - now(CLOCK_REALTIME) / 1000000000LL <= 1);
  time_t moment = 1700000000;
  struct tm parts;
  char text[64];
  strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %Z", gmtime_r(&moment, &parts));
  puts(text);
  strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", localtime_r(&moment, &parts));
  puts(text);
}
