foreach(subject transport glofox kisi checkin)
  include(${CMAKE_CURRENT_LIST_DIR}/${subject}.cmake)
endforeach()
