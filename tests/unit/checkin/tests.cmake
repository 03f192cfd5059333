gk_tests(unit_clients LABEL unit
  SOURCES
    cache_test.cpp
    decision_test.cpp
    event_test.cpp
    pass_faults_test.cpp
    pass_test.cpp
    signature_test.cpp
  LIBRARIES gk_checkin)
