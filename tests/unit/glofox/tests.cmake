gk_test(NAME unit_glofox LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/booking_list_test.cpp ${CMAKE_CURRENT_LIST_DIR}/bookings_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/client_test.cpp ${CMAKE_CURRENT_LIST_DIR}/people_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/decode_test.cpp ${CMAKE_CURRENT_LIST_DIR}/errors_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/members_test.cpp ${CMAKE_CURRENT_LIST_DIR}/roster_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/when_test.cpp
  ALONE ${CMAKE_CURRENT_LIST_DIR}/bookings_test.cpp ${CMAKE_CURRENT_LIST_DIR}/members_test.cpp
        ${CMAKE_CURRENT_LIST_DIR}/decode_test.cpp
  LIBRARIES gk_glofox)
