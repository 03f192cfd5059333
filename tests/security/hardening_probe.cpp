#include <cstdio>
#include <cstring>

// Built with the flags of a release, for scripts/check-hardening: what FORTIFY and the stack protector leave
// in a program with a buffer whose fill the compiler cannot foresee.
int main(int argc, char** argv) {
  char buffer[32];
  std::strcpy(buffer, argv[argc - 1]);
  std::puts(buffer);
  return 0;
}
