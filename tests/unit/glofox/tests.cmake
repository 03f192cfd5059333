gk_tests(unit_clients LABEL unit
  SOURCES
    booking_pages_test.cpp
    bookings_test.cpp
    client_test.cpp
    dates_test.cpp
    decode_test.cpp
    errors_test.cpp
    members_test.cpp
    people_test.cpp
    roster_pages_test.cpp
  LIBRARIES gk_glofox)
