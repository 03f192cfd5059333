gk_tests(unit_core LABEL unit
  SOURCES
    listing_test.cpp
    person_test.cpp
    roster_test.cpp
    row_test.cpp
    rules_test.cpp
    user_test.cpp
    window_test.cpp
    zone_test.cpp
  LIBRARIES gk_domain)
