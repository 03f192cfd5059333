find_package(PkgConfig REQUIRED)
pkg_check_modules(GK_HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)

# The stage of every end-to-end test: programs to run and a sandbox to run them against.
add_library(gk_e2e STATIC ${CMAKE_CURRENT_LIST_DIR}/gym.cpp ${CMAKE_CURRENT_LIST_DIR}/../support/process.cpp)
target_link_libraries(gk_e2e PUBLIC gk_test_support gk_json fmt::fmt PRIVATE PkgConfig::GK_HTTPLIB Threads::Threads util)
target_compile_definitions(gk_e2e PUBLIC
  GK_BINARY="$<TARGET_FILE:glofox-kisi>" GK_SANDBOX_BINARY="$<TARGET_FILE:glofox-kisi-sandbox>")
add_dependencies(gk_e2e glofox-kisi glofox-kisi-sandbox)

# All that the labels e2e and security need, for builds that run nothing else.
add_custom_target(end_to_end DEPENDS glofox-kisi)

# gk_e2e_test(cost): the executable e2e_cost of cost_test.cpp.
function(gk_e2e_test topic)
  gk_test(NAME e2e_${topic} LABEL e2e SOURCES ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${topic}_test.cpp
    LIBRARIES gk_e2e)
  add_dependencies(end_to_end e2e_${topic})
endfunction()

gk_e2e_test(cost)
gk_e2e_test(exit_codes)
gk_e2e_test(bookings)
gk_e2e_test(bookings_faults)
gk_e2e_test(kill)
gk_e2e_test(signals)
gk_e2e_test(lock)
gk_e2e_test(rate)
gk_e2e_test(safety)
gk_e2e_test(apply)
gk_e2e_test(bad_input)
gk_e2e_test(output)
gk_e2e_test(secrets)
gk_e2e_test(validate)
gk_e2e_test(simulate)
gk_e2e_test(sandbox)
target_link_libraries(e2e_sandbox PRIVATE PkgConfig::GK_HTTPLIB Threads::Threads)

add_library(gk_e2e_checkin STATIC ${CMAKE_CURRENT_LIST_DIR}/checkin_gym.cpp)
target_link_libraries(gk_e2e_checkin PUBLIC gk_e2e PRIVATE PkgConfig::GK_HTTPLIB OpenSSL::Crypto Threads::Threads)
foreach(topic checkin_hook checkin_run)
  gk_e2e_test(${topic})
  target_link_libraries(e2e_${topic} PRIVATE gk_e2e_checkin)
endforeach()
# With Debian's package `webhook` in front (scripts/setup installs it).
gk_e2e_test(checkin_webhook)
target_link_libraries(e2e_checkin_webhook PRIVATE gk_e2e_checkin PkgConfig::GK_HTTPLIB)
target_compile_definitions(e2e_checkin_webhook PRIVATE GK_DOCS="${gk_source_root}/docs")
