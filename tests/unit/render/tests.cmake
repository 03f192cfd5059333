gk_tests(unit_app LABEL unit
  SOURCES
    checkin_test.cpp
    checks_test.cpp
    text_and_json_test.cpp
  LIBRARIES gk_render)
