gk_tests(unit_app LABEL unit
  SOURCES
    approvals_test.cpp
    checkin_input_test.cpp
    validate_config_test.cpp
  LIBRARIES gk_commands)
