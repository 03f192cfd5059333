include(${CMAKE_CURRENT_LIST_DIR}/cli.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/app.cmake)
