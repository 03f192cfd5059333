# The protections of a release, read off the ELF files: a probe with the flags of a release, and the program itself.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT GK_SANITIZE)
  add_executable(hardening_probe ${CMAKE_CURRENT_LIST_DIR}/hardening_probe.cpp)
  add_dependencies(end_to_end hardening_probe)
  target_link_libraries(hardening_probe PRIVATE gk_options gk_fortify)
  target_compile_options(hardening_probe PRIVATE -O2)
  add_test(NAME "security: the flags of a release harden" COMMAND ${PROJECT_SOURCE_DIR}/scripts/check-hardening
    $<TARGET_FILE:hardening_probe>)
  if(CMAKE_BUILD_TYPE STREQUAL "Debug")
    set(GK_NO_FORTIFY --no-fortify)
  endif()
  add_test(NAME "security: the program is hardened" COMMAND ${PROJECT_SOURCE_DIR}/scripts/check-hardening
    ${GK_NO_FORTIFY} $<TARGET_FILE:glofox-kisi>)
  set_tests_properties("security: the flags of a release harden" "security: the program is hardened"
    PROPERTIES LABELS security)
endif()
