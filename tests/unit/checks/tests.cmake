gk_tests(unit_app LABEL unit
  SOURCES
    checkin_test.cpp
    config_test.cpp
    glofox_test.cpp
    group_test.cpp
    kisi_test.cpp
    report_test.cpp
  LIBRARIES gk_checks)
