/* The printf that a log line and a small answer need: see snapvm_format() in snapvm.h. */
#include "abi.h"

struct sink {
  char* out;
  size_t size, length;
};

struct field {
  int left, zero, width, precision;
};

static void put(struct sink* sink, char byte) {
  if (sink->length + 1 < sink->size) sink->out[sink->length] = byte;
  sink->length++;
}

static void pad(struct sink* sink, char byte, long count) {
  for (; count > 0; count--)
    put(sink, byte);
}

/* `sign` is what stands before the digits, zeros included: "", "-" or "0x". */
static void put_text(struct sink* sink, const struct field* field, const char* sign, const char* text,
                     size_t length) {
  long missing = (long)field->width - (long)(length + strlen(sign));
  if (!field->left && !field->zero) pad(sink, ' ', missing);
  while (*sign)
    put(sink, *sign++);
  if (!field->left && field->zero) pad(sink, '0', missing);
  while (length--)
    put(sink, *text++);
  if (field->left) pad(sink, ' ', missing);
}

static void put_number(struct sink* sink, const struct field* field, const char* sign, uint64_t value,
                       unsigned base) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value);
  put_text(sink, field, sign, digits + at, sizeof digits - at);
}

static int read_int(const char** format, va_list* arguments) {
  int value = 0;
  if (**format == '*') {
    (*format)++;
    return va_arg(*arguments, int);
  }
  for (; **format >= '0' && **format <= '9' && value < 100000; (*format)++)
    value = value * 10 + (**format - '0');
  return value;
}

/* One conversion; `format` stands behind its '%'. Returns what follows it. */
static const char* convert(struct sink* sink, const char* format, va_list* arguments) {
  struct field field = {.precision = -1};
  int wide = 0;
  for (;; format++) {
    if (*format == '-')
      field.left = 1;
    else if (*format == '0')
      field.zero = 1;
    else
      break;
  }
  field.width = read_int(&format, arguments);
  if (*format == '.') {
    format++;
    field.precision = read_int(&format, arguments);
  }
  for (; *format == 'l' || *format == 'z'; format++)
    wide = 1;
  switch (*format) {
  case 'd':
  case 'i': {
    int64_t value = wide ? va_arg(*arguments, int64_t) : va_arg(*arguments, int);
    put_number(sink, &field, value < 0 ? "-" : "", value < 0 ? -(uint64_t)value : (uint64_t)value, 10);
    break;
  }
  case 'u':
  case 'x': {
    uint64_t value = wide ? va_arg(*arguments, uint64_t) : va_arg(*arguments, unsigned);
    put_number(sink, &field, "", value, *format == 'x' ? 16 : 10);
    break;
  }
  case 'p':
    put_number(sink, &field, "0x", (uintptr_t)va_arg(*arguments, void*), 16);
    break;
  case 's': {
    const char* text = va_arg(*arguments, const char*);
    if (!text) text = "(null)";
    field.zero = 0;
    put_text(sink, &field, "", text, strnlen(text, field.precision < 0 ? SIZE_MAX : (size_t)field.precision));
    break;
  }
  case 'c': {
    char byte = (char)va_arg(*arguments, int);
    field.zero = 0;
    put_text(sink, &field, "", &byte, 1);
    break;
  }
  case '\0':
    return format;
  default: /* '%', or a conversion that does not exist here, shown as it stands */
    if (*format != '%') put(sink, '%');
    put(sink, *format);
  }
  return format + 1;
}

int snapvm_vformat(char* out, size_t size, const char* format, va_list arguments) {
  struct sink sink = {out, size, 0};
  va_list copy;
  va_copy(copy, arguments);
  while (*format) {
    if (*format == '%')
      format = convert(&sink, format + 1, &copy);
    else
      put(&sink, *format++);
  }
  va_end(copy);
  if (size) out[sink.length < size ? sink.length : size - 1] = '\0';
  return (int)sink.length;
}

int snapvm_format(char* out, size_t size, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = snapvm_vformat(out, size, format, arguments);
  va_end(arguments);
  return length;
}
