# The program against the sandbox, as an operator sees both.
add_library(gk_e2e STATIC ${CMAKE_CURRENT_LIST_DIR}/sandbox_gym.cpp ${CMAKE_CURRENT_LIST_DIR}/checkin_gym.cpp)
target_link_libraries(gk_e2e PUBLIC gk_test_programs PRIVATE PkgConfig::GK_HTTPLIB OpenSSL::Crypto Threads::Threads)
add_dependencies(gk_e2e glofox-kisi)

# What a run does to the two services.
gk_tests(e2e LABEL e2e SERIAL
  SOURCES
    apply_test.cpp
    bookings_faults_test.cpp
    bookings_test.cpp
    checkin_run_test.cpp
    cost_test.cpp
    exit_codes_test.cpp
    kill_test.cpp
    lock_test.cpp
    rate_test.cpp
    safety_test.cpp
    sandbox_test.cpp
  LIBRARIES gk_e2e PkgConfig::GK_HTTPLIB Threads::Threads)

# What comes in from outside and what is said of it: files, arguments, secrets, signals, webhooks. CI runs these under the sanitizers too.
gk_tests(e2e_edges LABEL e2e SERIAL
  SOURCES
    bad_input_test.cpp
    checkin_hook_test.cpp
    checkin_webhook_test.cpp
    output_test.cpp
    secrets_test.cpp
    signals_test.cpp
    simulate_test.cpp
    validate_test.cpp
  LIBRARIES gk_e2e PkgConfig::GK_HTTPLIB Threads::Threads)
# The recipe in docs/checkin.md, with Debian's package `webhook` in front (scripts/setup installs it).
target_compile_definitions(e2e_edges PRIVATE GK_DOCS="${PROJECT_SOURCE_DIR}/docs")

# All that the labels e2e and security need, for builds that run nothing else.
add_custom_target(end_to_end DEPENDS e2e e2e_edges)
