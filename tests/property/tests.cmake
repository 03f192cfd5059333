add_library(gk_test_generators STATIC ${CMAKE_CURRENT_LIST_DIR}/../support/generators.cpp)
target_link_libraries(gk_test_generators PUBLIC gk_test_fakes rapidcheck PRIVATE gk_options)

gk_tests(property LABEL property COST 100
  SOURCES
    bookings_property.cpp
    checkin_property.cpp
    disturbance_property.cpp
    domain_property.cpp
    pass_property.cpp
    planner_property.cpp
    week_property.cpp
  LIBRARIES gk_test_generators gk_checkin)
