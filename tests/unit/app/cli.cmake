gk_test(NAME unit_cli LABEL unit
  SOURCES unit/app/cli_test.cpp unit/app/cli_exit_code_test.cpp
  LIBRARIES gk_cli)
