gk_tests(unit_core LABEL unit
  SOURCES
    document_test.cpp
    row_stream_test.cpp
    writer_test.cpp
  LIBRARIES gk_json)
