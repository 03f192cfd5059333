gk_tests(unit_core LABEL unit
  SOURCES
    clock_test.cpp
    digest_test.cpp
    error_test.cpp
    failure_streak_test.cpp
    file_lock_test.cpp
    id_test.cpp
    log_test.cpp
    secret_test.cpp
    text_test.cpp
    time_test.cpp
    url_test.cpp
  LIBRARIES gk_util)
