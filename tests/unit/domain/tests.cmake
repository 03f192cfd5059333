gk_tests(unit_core LABEL unit
  SOURCES
<<<<<<< HEAD
    unit/domain/listing_test.cpp
    unit/domain/person_test.cpp
    unit/domain/roster_test.cpp
    unit/domain/row_test.cpp
    unit/domain/rules_test.cpp
    unit/domain/user_test.cpp
    unit/domain/window_test.cpp
    unit/domain/zone_test.cpp
=======
    listing_test.cpp
    person_test.cpp
    roster_test.cpp
    row_test.cpp
    user_test.cpp
    window_test.cpp
    zone_test.cpp
>>>>>>> 831458b (tests: Eleven test programs instead of 48)
  LIBRARIES gk_domain)
