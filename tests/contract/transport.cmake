find_package(OpenSSL REQUIRED COMPONENTS SSL Crypto)

gk_test(NAME contract_transport LABEL contract
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/transport_curl_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/transport_faults_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/transport_stack_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/transport_tls_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/../support/raw_server.cpp
  LIBRARIES gk_http OpenSSL::SSL OpenSSL::Crypto)
