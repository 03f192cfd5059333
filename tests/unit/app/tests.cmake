gk_tests(unit_app LABEL unit
  SOURCES
    checkin_cache_test.cpp
    checkin_report_test.cpp
    cli_test.cpp
    exit_code_test.cpp
    progress_test.cpp
    report_test.cpp
  LIBRARIES gk_app)
