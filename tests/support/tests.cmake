# What tests of several folders stand on.
find_package(PkgConfig REQUIRED)
pkg_check_modules(GK_HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)

# Both services in memory, as the ports of reconcile/ see them.
add_library(gk_test_fakes STATIC ${CMAKE_CURRENT_LIST_DIR}/fake_services.cpp)
target_include_directories(gk_test_fakes PUBLIC ${CMAKE_CURRENT_LIST_DIR}/..)
target_link_libraries(gk_test_fakes PUBLIC gk_reconcile PRIVATE gk_options)

# Programs to start, and the sandbox to start them against.
add_library(gk_test_programs STATIC ${CMAKE_CURRENT_LIST_DIR}/process.cpp)
target_link_libraries(gk_test_programs PUBLIC gk_test_support gk_json fmt::fmt PRIVATE Threads::Threads util)
target_compile_definitions(gk_test_programs PUBLIC
  GK_BINARY="$<TARGET_FILE:glofox-kisi>" GK_SANDBOX_BINARY="$<TARGET_FILE:glofox-kisi-sandbox>")
add_dependencies(gk_test_programs glofox-kisi-sandbox)
