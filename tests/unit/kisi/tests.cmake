gk_test(NAME unit_kisi LABEL unit
  SOURCES
    unit/kisi/account_test.cpp
    unit/kisi/bodies_test.cpp
    unit/kisi/codec_test.cpp
    unit/kisi/errors_test.cpp
    unit/kisi/group_test.cpp
    unit/kisi/listing_test.cpp
    unit/kisi/users_test.cpp
    unit/kisi/writes_test.cpp
  ALONE unit/kisi/writes_test.cpp
  LIBRARIES gk_kisi)
