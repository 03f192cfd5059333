gk_test(NAME unit_config LABEL unit
  SOURCES
    unit/config/docs_test.cpp unit/config/faults_integration_test.cpp unit/config/faults_rules_test.cpp
    unit/config/faults_services_test.cpp unit/config/file_test.cpp unit/config/load_test.cpp unit/config/samples.cpp
    unit/config/schema_test.cpp unit/config/syntax_test.cpp unit/config/url_test.cpp unit/config/values_test.cpp
  LIBRARIES gk_config)
