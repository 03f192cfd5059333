gk_test(NAME contract_glofox LABEL contract
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/glofox_bookings_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/glofox_client_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/glofox_faults_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/../support/process.cpp
    ${CMAKE_CURRENT_LIST_DIR}/../support/sandbox.cpp
  LIBRARIES gk_glofox)
target_compile_definitions(contract_glofox PRIVATE GK_SANDBOX_BINARY="$<TARGET_FILE:glofox-kisi-sandbox>")
add_dependencies(contract_glofox glofox-kisi-sandbox)
