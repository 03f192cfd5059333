include(${CMAKE_CURRENT_LIST_DIR}/../../support/fakes.cmake)
gk_test(NAME unit_reconcile LABEL unit
  SOURCES
    unit/reconcile/applier_test.cpp
    unit/reconcile/booking_pass_test.cpp
    unit/reconcile/booking_rights_test.cpp
    unit/reconcile/damage_test.cpp
    unit/reconcile/desired_test.cpp
    unit/reconcile/eligibility_test.cpp
    unit/reconcile/pass_evidence_test.cpp
    unit/reconcile/pass_test.cpp
    unit/reconcile/planner_test.cpp
    unit/reconcile/readback_test.cpp
    unit/reconcile/removal_test.cpp
    unit/reconcile/replacement_test.cpp
    unit/reconcile/safety_test.cpp
  ALONE unit/reconcile/booking_rights_test.cpp unit/reconcile/desired_test.cpp unit/reconcile/eligibility_test.cpp
    unit/reconcile/removal_test.cpp unit/reconcile/replacement_test.cpp
  LIBRARIES gk_test_fakes)
include(${CMAKE_CURRENT_LIST_DIR}/../../compile_fail/tests.cmake)
