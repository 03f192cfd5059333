gk_tests(unit_clients LABEL unit
  SOURCES
    logging_transport_test.cpp
    message_test.cpp
    rate_limit_test.cpp
    rate_limited_transport_test.cpp
    read_only_transport_test.cpp
    retry_test.cpp
    retrying_transport_clock_test.cpp
    retrying_transport_test.cpp
    url_test.cpp
  LIBRARIES gk_http rapidcheck)
