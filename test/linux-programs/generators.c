/* Random numbers of OpenSSL's own generator: some before standard input is read, and some after.
 */
#include "show.h"
#include <openssl/rand.h>

static void draw(const char* when) {
  unsigned char bytes[16];
  printf("%s ", when);
  if (RAND_bytes(bytes, sizeof bytes) != 1) printf("failed");
  for (size_t i = 0; i < sizeof bytes; i++)
    printf("%02x", bytes[i]);
  puts("");
}

int main(void) {
  draw("before");
  getchar();
  draw("after");
  draw("again");
  return 0;
}
