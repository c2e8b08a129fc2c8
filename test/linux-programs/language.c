/* What C asks of its system without saying so: thread-local variables, numbers as text, vector units, a deep
 * stack. */
#include "show.h"
#include <locale.h>
#include <math.h>
#include <time.h>

static _Thread_local int initialised = 1234;
static _Thread_local char zeroed[5000];
static _Thread_local _Alignas(64) double aligned = 0.5;
static int constructed;

__attribute__((constructor)) static void construct(void) {
  constructed = 7;
}
static void at_end(void) {
  puts("at the end");
}

static int compare(const void* a, const void* b) {
  double x = *(const double*)a, y = *(const double*)b;
  return x < y ? -1 : x > y;
}

static long deep(int depth) {
  volatile char block[1000];
  block[0] = 1;
  return depth == 0 ? 0 : block[0] + deep(depth - 1);
}

int main(void) {
  atexit(at_end);
  printf("%d %d %g %d\n", initialised, zeroed[4999], aligned, constructed);
  TRUE(((uintptr_t)&aligned & 63) == 0);
  initialised++;
  printf("%d\n", initialised);

  double numbers[] = {0,        -0.0, 1.0 / 3,      1e308 * 10, -1e308 * 10, 2.2250738585072014e-308,
                      4.9e-324, 0.1,  123456789.125};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    printf("%g %.17g %a %e %f\n", numbers[i], numbers[i], numbers[i], numbers[i], numbers[i]);
  printf("%Lg %.20Lf\n", 1.0L / 3, 0.1L);
  printf("%.15g %.15g %.15g %.15g\n", sin(1), exp(2.5), pow(2, 0.5), log(10));
  printf("%g %g %g\n", floor(-1.5), fmod(7.5, 2), cbrt(27));
  printf("%.10g %ld %g\n", strtod("3.25e-7", NULL), strtol("-0x1f", NULL, 0), strtod("inf", NULL));
  float single = 16777217;
  printf("%.1f\n", single);

  double sorted[1000];
  for (int i = 0; i < 1000; i++)
    sorted[i] = fmod(i * 7919.0, 1000);
  qsort(sorted, 1000, sizeof *sorted, compare);
  int right = 1;
  for (int i = 0; i < 1000; i++)
    right &= sorted[i] == i;
  TRUE(right);
  printf("%ld\n", deep(7000)); /* seven of eight MiB */

  char* text = NULL;
  size_t length = 0;
  FILE* stream = open_memstream(&text, &length);
  for (int i = 0; i < 5; i++)
    fprintf(stream, "%d,", i);
  fclose(stream);
  printf("%s %zu\n", text, length);
  FILE* file = fopen("/tmp/text", "w+");
  for (int i = 0; i < 20000; i++)
    fprintf(file, "line %d\n", i);
  rewind(file);
  char line[64];
  int lines = 0;
  while (fgets(line, sizeof line, file) != NULL)
    lines++;
  printf("%d %s", lines, line);
  fseek(file, -6, SEEK_END);
  puts(fgets(line, sizeof line, file));
  fclose(file);
  puts(setlocale(LC_ALL, ""));
  TRUE(fopen("/nothing", "r") == NULL);
  perror("as it is told");
  fprintf(stderr, "%s\n", strerror(ENOTDIR));
  return 7;
}
