/* Counts its own calls in static memory, and so shows that there is never more than one: every call starts
 * from the memory that main() left. */
#include <snapvm.h>

static unsigned count;

static int next(const uint8_t* input, size_t length) {
  (void)input, (void)length;
  char text[16];
  return snapvm_write(text, (size_t)snapvm_format(text, sizeof text, "%u", ++count));
}

int main(void) {
  static const snapvm_handler table[] = {{"count", next}};
  snapvm_serve(table, 1);
}
