find_package(OpenSSL REQUIRED COMPONENTS SSL Crypto)

gk_tests(contract LABEL contract SERIAL
  SOURCES
    ../support/raw_server.cpp
    ../support/sandbox.cpp
    checkin_kisi_test.cpp
    checkin_event_sets_test.cpp
    checkin_glofox_test.cpp
    glofox_bookings_test.cpp
    glofox_client_test.cpp
    glofox_faults_test.cpp
    kisi_client_test.cpp
    kisi_faults_test.cpp
    transport_curl_test.cpp
    transport_faults_test.cpp
    transport_stack_test.cpp
    transport_tls_test.cpp
  LIBRARIES gk_test_programs gk_http gk_glofox gk_kisi OpenSSL::SSL OpenSSL::Crypto)
