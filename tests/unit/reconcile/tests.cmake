gk_tests(unit_core LABEL unit
  SOURCES
    applier_test.cpp
    booking_pass_test.cpp
    booking_rights_test.cpp
    damage_test.cpp
    desired_test.cpp
    eligibility_test.cpp
    pass_evidence_test.cpp
    pass_test.cpp
    planner_removal_test.cpp
    planner_test.cpp
    readback_test.cpp
    replacement_test.cpp
    safety_test.cpp
  LIBRARIES gk_test_fakes)
