# Debian packages only; each is justified in docs/decisions/0001-dependencies.md.
find_package(Threads REQUIRED)
find_package(CURL REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(date REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)

# Debian's RapidJSON has a CMake package without a target.
find_path(GK_RAPIDJSON_INCLUDE_DIR rapidjson/rapidjson.h REQUIRED)
add_library(gk_rapidjson INTERFACE)
target_include_directories(gk_rapidjson SYSTEM INTERFACE ${GK_RAPIDJSON_INCLUDE_DIR})
