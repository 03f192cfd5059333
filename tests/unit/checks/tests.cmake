gk_test(NAME unit_checks LABEL unit
  SOURCES
    unit/checks/checkin_test.cpp unit/checks/config_test.cpp unit/checks/glofox_test.cpp unit/checks/group_test.cpp
    unit/checks/kisi_test.cpp unit/checks/report_test.cpp
  ALONE unit/checks/group_test.cpp unit/checks/kisi_test.cpp unit/checks/report_test.cpp
  LIBRARIES gk_checks)
