gk_tests(unit_core LABEL unit
  SOURCES
    digest_test.cpp
    failure_streak_test.cpp
    file_lock_test.cpp
    text_test.cpp
    time_test.cpp
    url_test.cpp
    values_test.cpp
  LIBRARIES gk_util)
