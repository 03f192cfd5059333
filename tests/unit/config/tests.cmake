gk_tests(unit_core LABEL unit
  SOURCES
    docs_test.cpp
    faults_integration_test.cpp
    faults_rules_test.cpp
    faults_services_test.cpp
    file_test.cpp
    load_test.cpp
    reference.cpp
    reference_test.cpp
    samples.cpp
    schema_test.cpp
    syntax_test.cpp
    values_test.cpp
  LIBRARIES gk_config)
