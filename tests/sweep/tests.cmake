# Programs that sweep worlds, faults and time; a bounded slice of each runs as a test (docs/reliability.md).
include(${CMAKE_CURRENT_LIST_DIR}/../support/fakes.cmake)
find_package(Threads REQUIRED)

add_library(gk_sweep STATIC
  ${CMAKE_CURRENT_LIST_DIR}/../support/invariants.cpp ${CMAKE_CURRENT_LIST_DIR}/../support/fake_truth.cpp
  ${CMAKE_CURRENT_LIST_DIR}/random_world.cpp ${CMAKE_CURRENT_LIST_DIR}/play.cpp)
target_link_libraries(gk_sweep PUBLIC gk_test_fakes Threads::Threads PRIVATE gk_options)

add_executable(sweep_worlds ${CMAKE_CURRENT_LIST_DIR}/worlds.cpp)
target_link_libraries(sweep_worlds PRIVATE gk_sweep gk_options)

# gk_sweep_test(NAME COMMAND...): a slice that must find nothing.
function(gk_sweep_test name)
  add_test(NAME "sweep: ${name}" COMMAND ${ARGN})
  set_tests_properties("sweep: ${name}" PROPERTIES LABELS sweep TIMEOUT 300)
endfunction()
gk_sweep_test("random worlds" sweep_worlds --worlds 4000)
gk_sweep_test("random worlds with faults" sweep_worlds --worlds 2500 --seed 2 --faults)
