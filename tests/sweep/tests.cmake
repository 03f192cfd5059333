# Programs that sweep worlds, faults and time; a bounded slice of each runs as a test (docs/reliability.md).
include(${CMAKE_CURRENT_LIST_DIR}/../support/fakes.cmake)
find_package(Threads REQUIRED)

add_library(gk_invariants STATIC ${CMAKE_CURRENT_LIST_DIR}/../support/invariants.cpp)
target_include_directories(gk_invariants PUBLIC ${CMAKE_CURRENT_LIST_DIR}/..)
target_link_libraries(gk_invariants PUBLIC gk_domain Threads::Threads PRIVATE gk_options)

add_library(gk_sweep STATIC ${CMAKE_CURRENT_LIST_DIR}/../support/fake_truth.cpp
  ${CMAKE_CURRENT_LIST_DIR}/random_world.cpp ${CMAKE_CURRENT_LIST_DIR}/play.cpp)
target_link_libraries(gk_sweep PUBLIC gk_invariants gk_test_fakes PRIVATE gk_options)

add_executable(sweep_worlds ${CMAKE_CURRENT_LIST_DIR}/worlds.cpp)
target_link_libraries(sweep_worlds PRIVATE gk_sweep gk_options)

# gk_sweep_test(NAME COMMAND...): a slice that must find nothing.
function(gk_sweep_test name)
  add_test(NAME "sweep: ${name}" COMMAND ${ARGN})
  set_tests_properties("sweep: ${name}" PROPERTIES LABELS sweep TIMEOUT 300)
endfunction()
if(GK_SANITIZE)
  set(gk_worlds 1000)
else()
  set(gk_worlds 4000)
endif()
gk_sweep_test("random worlds" sweep_worlds --worlds ${gk_worlds})
gk_sweep_test("random worlds with faults" sweep_worlds --worlds ${gk_worlds} --seed 2 --faults)

# The real program against the sandbox: standard_runs.cpp has the table of runs.
add_executable(sweep_faults ${CMAKE_CURRENT_LIST_DIR}/faults.cpp ${CMAKE_CURRENT_LIST_DIR}/trial.cpp
  ${CMAKE_CURRENT_LIST_DIR}/standard_runs.cpp ${CMAKE_CURRENT_LIST_DIR}/sandbox_state.cpp
  ${CMAKE_CURRENT_LIST_DIR}/catch_runner.cpp)
target_link_libraries(sweep_faults PRIVATE gk_invariants gk_e2e gk_options)
gk_sweep_test("faults at requests" sweep_faults --run members --every 61 --workers 4)
gk_sweep_test("faults at requests of bookings" sweep_faults --run bookings --every 83 --workers 4)
gk_sweep_test("faults at requests of checkin" sweep_faults --run checkin --every 29 --workers 4)
gk_sweep_test("kills" sweep_faults --run members --kill --every 13 --workers 4)
gk_sweep_test("kills of bookings" sweep_faults --run bookings --kill --every 17 --workers 4)
gk_sweep_test("kills of checkin" sweep_faults --run checkin --kill --every 17 --workers 4)

add_executable(sweep_month ${CMAKE_CURRENT_LIST_DIR}/month.cpp)
target_link_libraries(sweep_month PRIVATE gk_sweep gk_options)
gk_sweep_test("three days" sweep_month --cycles 288)
