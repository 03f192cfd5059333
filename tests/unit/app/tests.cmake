gk_test(NAME unit_app LABEL unit
  SOURCES unit/app/checkin_jobs_test.cpp unit/app/cli_test.cpp unit/app/clock_jump_test.cpp unit/app/exit_code_test.cpp
    unit/app/progress_test.cpp unit/app/report_test.cpp
  LIBRARIES gk_app)
