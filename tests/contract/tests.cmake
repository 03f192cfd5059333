foreach(subject transport glofox kisi)
  include(${CMAKE_CURRENT_LIST_DIR}/${subject}.cmake)
endforeach()
