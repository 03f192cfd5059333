# What must not compile is compiled here, and must fail with the compiler's words about the right thing.
get_filename_component(gk_source_root ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)
function(gk_compile_test name)
  add_test(NAME "compile_fail: ${name}"
    COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only
            -I${gk_source_root}/src ${gk_source_root}/tests/compile_fail/${name}.cpp)
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

find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME "layers: src" COMMAND ${Python3_EXECUTABLE} ${gk_source_root}/scripts/check-layers ${gk_source_root})
add_test(NAME "layers: self-test" COMMAND ${Python3_EXECUTABLE} ${gk_source_root}/scripts/check-layers --self-test)
add_test(NAME "citations: repository"
  COMMAND ${Python3_EXECUTABLE} ${gk_source_root}/scripts/check-citations ${gk_source_root})
add_test(NAME "citations: self-test" COMMAND ${Python3_EXECUTABLE} ${gk_source_root}/scripts/check-citations --self-test)
set_tests_properties("layers: src" "layers: self-test" "citations: repository" "citations: self-test" PROPERTIES LABELS unit TIMEOUT 120)
