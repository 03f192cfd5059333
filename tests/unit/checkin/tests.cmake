gk_test(NAME unit_checkin LABEL unit
  SOURCES
    unit/checkin/cache_test.cpp
    unit/checkin/decision_test.cpp
    unit/checkin/event_test.cpp
    unit/checkin/pass_test.cpp
    unit/checkin/pass_faults_test.cpp
    unit/checkin/signature_test.cpp
  ALONE unit/checkin/pass_faults_test.cpp
  LIBRARIES gk_checkin)
