# What must not compile is compiled here, and must fail with the compiler's words about the right thing.
function(gk_compile_test name)
  add_test(NAME "compile_fail: ${name}"
    COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only
            -I${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests/compile_fail/${name}.cpp)
  set_tests_properties("compile_fail: ${name}" PROPERTIES LABELS unit TIMEOUT 120)
  if(ARGN)
    set_tests_properties("compile_fail: ${name}" PROPERTIES PASS_REGULAR_EXPRESSION "${ARGN}")
  endif()
endfunction()
gk_compile_test(complete_can_remove)
# g++ names both types in the error; clang names the function, then both types in a note.
gk_compile_test(partial_cannot_remove
  "error: [^\n]*(Complete<gk::reconcile::Desired>[^\n]*Partial<gk::reconcile::Desired>|no matching function for call to 'plan_removals')")
gk_compile_test(reading_cannot_remove
  "error: [^\n]*(Complete<gk::reconcile::Desired>[^\n]*variant<|no matching function for call to 'plan_removals')")
gk_compile_test(complete_needs_certify "error: [^\n]*(Complete[^\n]*private|private[^\n]*Complete)")
