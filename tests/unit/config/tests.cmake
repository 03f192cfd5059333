gk_tests(unit_core LABEL unit
  SOURCES
    file_test.cpp
    keys_docs_test.cpp
    keys_reference_test.cpp
    keys_schema_test.cpp
    load_faults_integration_test.cpp
    load_faults_rules_test.cpp
    load_faults_services_test.cpp
    load_test.cpp
    load_values_test.cpp
    reference.cpp
    samples.cpp
    tree_syntax_test.cpp
  LIBRARIES gk_config)
