gk_test(NAME unit_render LABEL unit
  SOURCES unit/render/checkin_test.cpp unit/render/checks_test.cpp unit/render/report_test.cpp
  ALONE unit/render/checkin_test.cpp unit/render/checks_test.cpp unit/render/report_test.cpp
  LIBRARIES gk_render)
