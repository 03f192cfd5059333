include(${CMAKE_CURRENT_LIST_DIR}/../support/fakes.cmake)
add_library(gk_test_generators STATIC ${CMAKE_CURRENT_LIST_DIR}/../support/generators.cpp)
target_link_libraries(gk_test_generators PUBLIC gk_test_fakes rapidcheck PRIVATE gk_options)
foreach(subject domain planner pass disturbance bookings week)
  gk_test(NAME property_${subject} LABEL property
    SOURCES property/${subject}_property.cpp
    LIBRARIES gk_test_generators)
endforeach()
gk_test(NAME property_checkin LABEL property
  SOURCES property/checkin_property.cpp
  LIBRARIES gk_checkin rapidcheck)
