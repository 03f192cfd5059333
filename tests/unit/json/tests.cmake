gk_test(NAME unit_json LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/document_test.cpp ${CMAKE_CURRENT_LIST_DIR}/row_stream_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/writer_test.cpp
  LIBRARIES gk_json)
