gk_tests(unit_clients LABEL unit
  SOURCES
    account_test.cpp
    client_group_test.cpp
    client_writes_test.cpp
    codec_test.cpp
    errors_test.cpp
    listing_test.cpp
    request_bodies_test.cpp
    users_test.cpp
  LIBRARIES gk_kisi)
