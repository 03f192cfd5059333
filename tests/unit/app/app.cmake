gk_test(NAME unit_app LABEL unit
  SOURCES
    unit/app/approvals_test.cpp unit/app/checkin_input_test.cpp unit/app/checkin_jobs_test.cpp
    unit/app/checks_checkin_test.cpp unit/app/clock_jump_test.cpp unit/app/progress_test.cpp unit/app/render_checkin_test.cpp unit/app/render_checks_test.cpp
    unit/app/render_report_test.cpp unit/app/report_test.cpp unit/app/validate_command_test.cpp unit/app/validate_config_test.cpp
    unit/app/validate_glofox_test.cpp unit/app/validate_group_test.cpp unit/app/validate_kisi_test.cpp
    unit/app/validate_list_test.cpp
  ALONE unit/app/render_checkin_test.cpp unit/app/render_checks_test.cpp unit/app/render_report_test.cpp
    unit/app/validate_group_test.cpp unit/app/validate_kisi_test.cpp unit/app/validate_list_test.cpp
  LIBRARIES gk_app)
