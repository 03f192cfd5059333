gk_tests(unit_clients LABEL unit
  SOURCES
    cache_test.cpp
    decision_test.cpp
    unlock_test.cpp
    visit_faults_test.cpp
    visit_test.cpp
    signature_test.cpp
  LIBRARIES gk_checkin)
