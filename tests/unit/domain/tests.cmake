gk_test(NAME unit_domain LABEL unit
  SOURCES
    unit/domain/listing_test.cpp
    unit/domain/person_test.cpp
    unit/domain/roster_test.cpp
    unit/domain/row_test.cpp
    unit/domain/rules_test.cpp
    unit/domain/user_test.cpp
    unit/domain/window_test.cpp
    unit/domain/zone_test.cpp
  LIBRARIES gk_domain)
