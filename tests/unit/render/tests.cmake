gk_tests(unit_app LABEL unit
  SOURCES
    checkin_test.cpp
    checks_test.cpp
    report_test.cpp
  LIBRARIES gk_render)
