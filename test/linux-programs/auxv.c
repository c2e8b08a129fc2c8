/* The auxiliary vector, and the stack as a program finds it at its first instruction. */
#include "show.h"
#include <elf.h>
#include <sys/auxv.h>

#ifndef AT_HWCAP2
#define AT_HWCAP2 26
#endif
#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif

extern char** environ;

int main(int argc, char** argv) {
  (void)argc;
  SHOW(getauxval(AT_PAGESZ));
  SHOW(getauxval(AT_CLKTCK));
  SHOW(getauxval(AT_PHENT));
  SHOW(getauxval(AT_SECURE));
  SHOW(getauxval(AT_FLAGS));
  SHOW(getauxval(AT_BASE));
  SHOW(getauxval(12345));
  Elf64_Phdr* headers = (Elf64_Phdr*)getauxval(AT_PHDR);
  long count = (long)getauxval(AT_PHNUM);
  printf("%ld headers\n", count);
  for (long i = 0; i < count; i++)
    printf("  type %x flags %x\n", headers[i].p_type, headers[i].p_flags);
  TRUE(getauxval(AT_ENTRY) != 0);
  unsigned char* random = (unsigned char*)getauxval(AT_RANDOM);
  int zeroes = 0;
  for (int i = 0; i < 16; i++)
    zeroes += random[i] == 0;
  TRUE(zeroes < 8);
  puts((char*)getauxval(AT_PLATFORM));
  puts((char*)getauxval(AT_EXECFN));
  TRUE(getauxval(AT_HWCAP) != 0);
  TRUE((getauxval(AT_HWCAP2) & ~7UL) == 0);
  TRUE(getauxval(AT_MINSIGSTKSZ) >= 1024);
  SHOW(getauxval(AT_UID) == getuid() && getauxval(AT_EUID) == geteuid() && getauxval(AT_GID) == getgid());

  /* argc, argv, environment, auxiliary vector: in this order, behind one another. */
  char** pointer = argv;
  while (*pointer != NULL)
    pointer++;
  TRUE(pointer + 1 == environ);
  TRUE(((long*)argv)[-1] == argc);
  TRUE(((uintptr_t)(argv - 1) & 15) == 0);
  pointer = environ;
  while (*pointer != NULL)
    pointer++;
  Elf64_auxv_t* entry = (Elf64_auxv_t*)(pointer + 1);
  int terminated = 0;
  for (int i = 0; i < 64 && !terminated; i++)
    terminated = entry[i].a_type == AT_NULL;
  TRUE(terminated);
  TRUE((uintptr_t)argv[0] > (uintptr_t)entry);

  char path[256] = "";
  long length = readlink("/proc/self/exe", path, sizeof path - 1);
  TRUE(length > 0 && path[0] == '/');
  TRUE(strrchr(path, '/') != NULL);
}
