# Every deliberate breakage of scripts/mutate still fits the source text.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME "mutate: every mutation applies" COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/scripts/mutate --check)
set_tests_properties("mutate: every mutation applies" PROPERTIES LABELS unit)
