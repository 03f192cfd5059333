gk_test(NAME unit_util LABEL unit
  SOURCES
    unit/util/file_lock_test.cpp
    unit/util/text_test.cpp
    unit/util/time_test.cpp
    unit/util/values_test.cpp
  LIBRARIES gk_util)
