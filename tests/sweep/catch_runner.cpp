// The parts of Catch2 that the end-to-end tests report its failures with, without Catch2's main().
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
