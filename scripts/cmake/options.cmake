# Compiler settings as INTERFACE targets, linked by our own code only: nothing global.
add_library(gk_warnings INTERFACE)
target_compile_options(gk_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough -Wswitch
  # Designated initialisers name what they set; g++ would warn about every member that they leave at its default.
  -Wno-missing-field-initializers)
if(GK_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # With sanitizers g++ 12 takes members of empty optionals for uninitialized ones.
  target_compile_options(gk_warnings INTERFACE -Wno-maybe-uninitialized)
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ takes a source that is included by a bundle for a header.
  target_compile_options(gk_warnings INTERFACE -Wno-subobject-linkage)
endif()
if(GK_WERROR)
  target_compile_options(gk_warnings INTERFACE -Werror)
endif()

add_library(gk_sanitizers INTERFACE)
if(GK_SANITIZE)
  target_compile_options(gk_sanitizers INTERFACE -fsanitize=${GK_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(gk_sanitizers INTERFACE -fsanitize=${GK_SANITIZE})
  target_compile_definitions(gk_sanitizers INTERFACE GK_SANITIZED)
endif()
if(GK_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # RapidJSON 1.1 adds to null pointers.
  target_compile_options(gk_sanitizers INTERFACE -fno-sanitize=pointer-overflow)
endif()

# What is built to be tested links often; lld needs a quarter of the time. A release takes the system's linker.
add_library(gk_linker INTERFACE)
find_program(GK_LLD ld.lld)
if(GK_LLD AND NOT CMAKE_BUILD_TYPE STREQUAL "Release")
  target_link_options(gk_linker INTERFACE -fuse-ld=lld)
endif()

# Hardening of optimised builds: FORTIFY needs -O1 or more, and clashes with the sanitizers.
add_library(gk_hardening INTERFACE)
target_compile_options(gk_hardening INTERFACE -fstack-protector-strong)
target_compile_definitions(gk_hardening INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(gk_hardening INTERFACE -Wl,-z,relro,-z,now -pie)
add_library(gk_fortify INTERFACE)
target_compile_options(gk_fortify INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
if(CMAKE_BUILD_TYPE MATCHES "Release|RelWithDebInfo" AND NOT GK_SANITIZE)
  target_link_libraries(gk_hardening INTERFACE gk_fortify)
endif()
include(CheckCXXCompilerFlag)
check_cxx_compiler_flag(-fcf-protection GK_HAS_CF_PROTECTION)
if(GK_HAS_CF_PROTECTION)
  target_compile_options(gk_hardening INTERFACE -fcf-protection)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# What every target of ours links.
add_library(gk_options INTERFACE)
target_link_libraries(gk_options INTERFACE gk_warnings gk_sanitizers gk_linker gk_hardening)
