gk_test(NAME unit_http LABEL unit
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/clock_jump_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/logging_transport_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/message_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/rate_limit_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/rate_limited_transport_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/read_only_transport_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/retry_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/retrying_transport_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/url_test.cpp
  ALONE
    ${CMAKE_CURRENT_LIST_DIR}/logging_transport_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/rate_limited_transport_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/retrying_transport_test.cpp
  LIBRARIES gk_http rapidcheck)
