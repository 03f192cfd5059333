gk_test(NAME contract_kisi LABEL contract
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/kisi_client_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/kisi_faults_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/../support/sandbox.cpp
    ${CMAKE_CURRENT_LIST_DIR}/../support/process.cpp
  ALONE ${CMAKE_CURRENT_LIST_DIR}/kisi_faults_test.cpp
  LIBRARIES gk_kisi)
target_compile_definitions(contract_kisi PRIVATE GK_SANDBOX_BINARY="$<TARGET_FILE:glofox-kisi-sandbox>")
add_dependencies(contract_kisi glofox-kisi-sandbox)
