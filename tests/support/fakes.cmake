include_guard(GLOBAL)
add_library(gk_test_fakes STATIC ${CMAKE_CURRENT_LIST_DIR}/fake_services.cpp)
target_include_directories(gk_test_fakes PUBLIC ${CMAKE_CURRENT_LIST_DIR}/..)
target_link_libraries(gk_test_fakes PUBLIC gk_reconcile PRIVATE gk_options)
