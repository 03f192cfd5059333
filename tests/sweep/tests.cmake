# Programs that sweep worlds, faults and time; a bounded slice of each runs as a test (docs/reliability.md).
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
  set_tests_properties("sweep: ${name}" PROPERTIES LABELS sweep TIMEOUT 300 COST 50)
endfunction()
gk_sweep_test("random worlds" sweep_worlds --worlds 4000)
gk_sweep_test("random worlds with faults" sweep_worlds --worlds 4000 --seed 2 --faults)

# The real program against the sandbox: standard_runs.cpp has the table of runs.
add_executable(sweep_faults ${CMAKE_CURRENT_LIST_DIR}/faults.cpp ${CMAKE_CURRENT_LIST_DIR}/trial.cpp
  ${CMAKE_CURRENT_LIST_DIR}/standard_runs.cpp ${CMAKE_CURRENT_LIST_DIR}/sandbox_state.cpp
  ${CMAKE_CURRENT_LIST_DIR}/catch_runner.cpp)
target_link_libraries(sweep_faults PRIVATE gk_invariants gk_e2e gk_options)
# gk_sweep_slice(NAME EVERY ARGUMENTS...): every so many-th point.
function(gk_sweep_slice name every)
  gk_sweep_test(${name} sweep_faults ${ARGN} --every ${every} --workers 4)
endfunction()
gk_sweep_slice("faults at requests" 61 --run members)
gk_sweep_slice("faults at requests of bookings" 83 --run bookings)
gk_sweep_slice("faults at requests of checkin" 29 --run checkin)
gk_sweep_slice("kills" 13 --run members --kill)
gk_sweep_slice("kills of bookings" 17 --run bookings --kill)
gk_sweep_slice("kills of checkin" 17 --run checkin --kill)

add_executable(sweep_month ${CMAKE_CURRENT_LIST_DIR}/month.cpp ${CMAKE_CURRENT_LIST_DIR}/front_door.cpp)
target_link_libraries(sweep_month PRIVATE gk_sweep gk_checkin gk_options)
gk_sweep_test("days of cron" sweep_month --cycles 288)
