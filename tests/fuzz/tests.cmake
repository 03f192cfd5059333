# The decoders under libFuzzer (preset `fuzz`, scripts/fuzz), and everywhere else a replay of their corpus.
add_library(gk_fuzz_targets STATIC
  ${CMAKE_CURRENT_LIST_DIR}/targets_glofox.cpp ${CMAKE_CURRENT_LIST_DIR}/targets_kisi.cpp
  ${CMAKE_CURRENT_LIST_DIR}/targets_local.cpp)
set_target_properties(gk_fuzz_targets PROPERTIES UNITY_BUILD OFF)
target_include_directories(gk_fuzz_targets PUBLIC ${CMAKE_CURRENT_LIST_DIR}/..)
target_link_libraries(gk_fuzz_targets PUBLIC gk_commands PRIVATE gk_options)

add_executable(fuzz_replay ${CMAKE_CURRENT_LIST_DIR}/replay.cpp ${CMAKE_CURRENT_LIST_DIR}/fuzz.cpp)
target_link_libraries(fuzz_replay PRIVATE gk_fuzz_targets gk_options)
add_test(NAME "fuzz: the corpus" COMMAND fuzz_replay ${CMAKE_CURRENT_LIST_DIR}/corpus)
set_tests_properties("fuzz: the corpus" PROPERTIES LABELS fuzz TIMEOUT 120)

if(GK_FUZZ)
  add_executable(fuzz_decoders ${CMAKE_CURRENT_LIST_DIR}/fuzz.cpp)
  target_compile_definitions(fuzz_decoders PRIVATE GK_FUZZ)
  target_link_libraries(fuzz_decoders PRIVATE gk_fuzz_targets gk_options)
  target_link_options(fuzz_decoders PRIVATE -fsanitize=fuzzer)
endif()
