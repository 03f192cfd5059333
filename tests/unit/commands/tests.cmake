gk_test(NAME unit_commands LABEL unit
  SOURCES unit/commands/approvals_test.cpp unit/commands/checkin_input_test.cpp unit/commands/validate_config_test.cpp
  LIBRARIES gk_commands)
