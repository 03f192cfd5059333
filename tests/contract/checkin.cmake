gk_test(NAME contract_checkin LABEL contract
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/checkin_doors_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/checkin_events_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/checkin_front_desk_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/../support/process.cpp
    ${CMAKE_CURRENT_LIST_DIR}/../support/sandbox.cpp
  ALONE ${CMAKE_CURRENT_LIST_DIR}/checkin_events_test.cpp ${CMAKE_CURRENT_LIST_DIR}/checkin_front_desk_test.cpp
  LIBRARIES gk_glofox gk_kisi)
target_compile_definitions(contract_checkin PRIVATE GK_SANDBOX_BINARY="$<TARGET_FILE:glofox-kisi-sandbox>")
add_dependencies(contract_checkin glofox-kisi-sandbox)
