# Debian packages only; each is justified in docs/decisions/0001-dependencies.md.
find_package(Threads REQUIRED)
find_package(CURL REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(simdjson REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)

# Debian's RapidJSON has a CMake package without a target.
find_path(GK_RAPIDJSON_INCLUDE_DIR rapidjson/rapidjson.h REQUIRED)
add_library(gk_rapidjson INTERFACE)
target_include_directories(gk_rapidjson SYSTEM INTERFACE ${GK_RAPIDJSON_INCLUDE_DIR})

# Abseil's time zones, from its archives: as shared objects they are eleven more files for every run to load.
add_library(gk_zones INTERFACE)
foreach(part IN ITEMS time civil_time time_zone strings strings_internal int128 throw_delegate base spinlock_wait
    raw_logging_internal log_severity)
  find_library(GK_ABSL_${part} NAMES libabsl_${part}.a REQUIRED)
  target_link_libraries(gk_zones INTERFACE ${GK_ABSL_${part}})
endforeach()
target_link_libraries(gk_zones INTERFACE Threads::Threads)
